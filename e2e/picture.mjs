// The page of docs/examples/inpatient.json as the README shows it.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { chromium } from "playwright-core";
import { start } from "./server.mjs";

const root = new URL("../", import.meta.url).pathname;
const asked = JSON.parse(readFileSync(`${root}docs/examples/inpatient.json`, "utf8"));
const [event] = asked.events;
const [relative] = asked.purses.mutual_aid;
const query = new URLSearchParams({
  area: asked.person.pooling_area,
  scheme: asked.person.scheme,
  category: asked.person.category,
  account: "with_account",
  birth: asked.person.birth_date,
  care: event.care_type,
  date: event.date,
  place: "home",
  type: event.facility.type,
  level: event.facility.level,
  grade: event.facility.grade,
  admin: event.facility.admin_level,
  cause: "illness",
  total: event.charges.total,
  non: event.charges.non_covered,
  over: event.charges.over_limit_price,
  upfront: event.charges.upfront_self_pay,
  carried: asked.purses.carried_over,
  kin1: relative.relation,
  kin1_carried: relative.carried_over,
  q: "1",
});

const server = await start();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
try {
  // As wide as a README shows it, and down into the table.
  const page = await browser.newPage({ locale: "zh-CN", viewport: { width: 1200, height: 1620 }, deviceScaleFactor: 0.75 });
  const answer = await page.goto(`${server.origin}/bill?${query}`);
  assert.equal(answer.status(), 200);
  // The picture shows what the program answers to the same case.
  const quoted = await page.request.post(`${server.origin}/api/v1/quotes`, { headers: { "content-type": "application/json" }, data: JSON.stringify(asked) });
  const { results } = await quoted.json();
  const sentence = await page.getByRole("heading", { level: 1 }).innerText();
  const yuan = (text) => text.replace(/\B(?=(\d{3})+\.)/g, ",");
  assert.ok(sentence.includes(yuan(results[0].fund_paid_total)), sentence);
  assert.ok(sentence.includes(yuan(results[0].personal_burden)), sentence);
  mkdirSync(`${root}docs/images`, { recursive: true });
  const path = `${root}docs/images/bill.png`;
  await page.screenshot({ path });
  const { size } = statSync(path);
  assert.ok(size < 300_000, `${size} bytes`);
  console.log(`${path}: ${size} bytes`);
} finally {
  await browser.close();
  server.stop();
}
