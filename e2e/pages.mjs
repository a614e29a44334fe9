// Fill, submit, open 依据, try something else, print; without a script, by keyboard alone, and axe on every page.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { sandboxTests } from "./sandbox.mjs";
import { start } from "./server.mjs";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const artifacts = new URL("../artifacts/", import.meta.url).pathname;
mkdirSync(artifacts, { recursive: true });

const phone = { width: 360, height: 800 };
const desktop = { width: 1280, height: 900 };
// A worked case of the pack: the fund pays 16,808.00 of 20,000.00.
const first = "area=410100&scheme=employee&care=inpatient&date=2023-05-30";
const bill = `${first}&category=employed&account=with_account&place=home&type=hospital&level=3&grade=A&admin=provincial&cause=illness&total=20000&carried=1500&q=1`;

// A person at work with 8,000 yuan a month: 2% of it, 160.00, goes to the account.
const five = "q=1&area=410100&category=employed&date=2025-03-05&age=45&wage=8000&carried=1500&kin1=spouse&kin1_carried=3000";
const contribution = "q=1&area=410100&category=employed&e_period=2025-03&e_wage=8000&e_funds=medical";

const server = await start();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

let passed = 0;
let failed = 0;

async function test(name, { own = server.origin, ...options }, body) {
  const context = await browser.newContext({ locale: "zh-CN", ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(`script: ${error.message}`));
  page.on("console", (message) => {
    // A status of 404 or 422 is what some tests ask for; the browser reports it as an error of its own.
    if (message.type() === "error" && !message.text().includes("Failed to load resource")) wrong.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(own) && !request.url().startsWith("data:")) wrong.push(`elsewhere: ${request.url()}`);
  });
  try {
    await body(page);
    assert.deepEqual(wrong, []);
    passed += 1;
    console.log(`ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n${String(error.stack ?? error).replace(/^/gm, "      ")}`);
    await page.screenshot({ path: `${artifacts}failed-${failed}.png`, fullPage: true }).catch(() => {});
  } finally {
    await context.close();
  }
}

// A question with few answers is radio buttons, one with many a list.
async function pick(page, key, label) {
  const list = page.locator(`select[name=${key}]`);
  if (await list.count()) await list.selectOption({ label });
  else await page.locator(`#q-${key}`).getByRole("radio", { name: label, exact: true }).check({ force: true });
}

const go = (page, path) => page.goto(server.origin + path);

async function accessible(page) {
  // Evaluated by the debugger, which the page's policy does not bind.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  const found = violations.map((entry) => `${entry.id}: ${entry.help} at ${entry.nodes.map((node) => node.target.join(" ")).slice(0, 4).join(", ")}`);
  assert.deepEqual(found, []);
}

async function noSidewaysScroll(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
}

const pages = {
  start: "/",
  form: `/?${first}`,
  bill: `/bill?${bill}`,
  elder: `/bill?${bill}&big=1`,
  missing: `/bill?${first}&category=employed&total=20000&q=1`,
  print: `/bill/print?${bill}`,
  areas: "/areas",
  area: "/areas/410100",
  matrix: "/matrix",
  nowhere: "/nowhere",
  "five-form": "/five",
  five: `/five?${five}`,
  "five-bad": "/five?q=1&area=410100&category=employed&date=x&wage=1.234",
  calculations: "/calculate",
  "calculate-form": "/calculate/contribution",
  calculate: `/calculate/contribution?${contribution}`,
  "calculate-missing": "/calculate/transfer?q=1&area=410100&e_date=2020-01-01&e_time=10:00&e_beneficiary=spouse&e_amount=5",
};

for (const [width, viewport] of [["phone", phone], ["desktop", desktop]]) {
  for (const [name, path] of Object.entries(pages)) {
    await test(`axe: ${name}, ${width}`, { viewport }, async (page) => {
      await go(page, path);
      await noSidewaysScroll(page);
      await page.screenshot({ path: `${artifacts}${name}-${width}.png`, fullPage: true });
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
      await accessible(page);
    });
  }
}

await test("400% zoom: a page 320 pixels wide scrolls in one direction only", { viewport: { width: 320, height: 256 } }, async (page) => {
  for (const path of Object.values(pages)) {
    await go(page, path);
    await noSidewaysScroll(page);
  }
});

await test("fill, submit, and see who pays", { viewport: desktop }, async (page) => {
  await go(page, "/");
  await pick(page, "area", "郑州市");
  await pick(page, "scheme", "职工医保");
  await pick(page, "care", "住院");
  await page.getByLabel("哪一天结算的").fill("2023-05-30");
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.getByRole("button", { name: "下一步" }).click();
  await pick(page, "admin", "省属");
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByLabel("医疗费总额").fill("20,000.00");
  await page.getByRole("button", { name: "看谁付、为什么" }).click();
  const sentence = await page.getByRole("heading", { level: 1 }).textContent();
  assert.match(sentence, /20,000\.00/);
  assert.match(sentence, /16,808\.00/);
  assert.match(sentence, /3,192\.00/);
  assert.ok(!page.url().includes("name="), "no identity in the address");
});

await test("依据 opens in place", { viewport: phone }, async (page) => {
  await go(page, `/bill?${bill}`);
  const button = page.getByRole("button", { name: /^依据\s*：统筹基金/ });
  assert.equal(await button.getAttribute("aria-expanded"), "false");
  await button.click();
  await page.waitForFunction((node) => node.getAttribute("aria-expanded") === "true", await button.elementHandle());
  const basis = page.locator(`#${await button.getAttribute("aria-controls")}`);
  assert.match(await basis.innerText(), /88%/);
  assert.ok((await basis.locator(".grade").count()) > 0, "a grade is shown");
  await button.click();
  await page.waitForFunction((node) => node.getAttribute("aria-expanded") === "false", await button.elementHandle());
});

await test("a missing answer is asked for, not guessed", { viewport: phone }, async (page) => {
  const answer = await go(page, pages.missing);
  assert.equal(answer.status(), 422);
  await page.getByRole("alert").waitFor();
  assert.ok((await page.locator(".question.wrong").count()) >= 1);
});

await test("试一试: another account first, without leaving the page", { viewport: desktop }, async (page) => {
  await go(page, `/bill?${bill}`);
  const before = await page.locator(".f-fund dd").textContent();
  await page.evaluate(() => { window.sameDocument = true; });
  await page.getByRole("link", { name: "都不用，留着" }).click();
  await page.waitForURL(/use=none/);
  await page.locator('a[aria-current="true"]', { hasText: "都不用，留着" }).waitFor();
  assert.equal(await page.evaluate(() => window.sameDocument), true);
  assert.equal(await page.locator(".f-fund dd").textContent(), before, "the fund pays the same here");
  const button = page.getByRole("button", { name: /^依据\s*：统筹基金/ });
  await button.click();
  await page.waitForFunction((node) => node.getAttribute("aria-expanded") === "true", await button.elementHandle());
});

await test("the statement prints to PDF", { viewport: desktop }, async (page) => {
  await go(page, `/bill/print?${bill}`);
  const text = await page.locator("article").innerText();
  for (const words of ["试算", "大写：贰万元整", "相等", "12393"]) assert.ok(text.includes(words), words);
  assert.ok(!text.includes("不相等"));
  await page.pdf({ path: `${artifacts}statement.pdf`, format: "A4", preferCSSPageSize: true });
  assert.ok(statSync(`${artifacts}statement.pdf`).size > 10_000);
});

await test("without a script the basic path works", { viewport: phone, javaScriptEnabled: false }, async (page) => {
  await go(page, "/");
  await pick(page, "area", "郑州市");
  await pick(page, "care", "住院");
  await page.getByLabel("哪一天结算的").fill("2023-05-30");
  await page.getByRole("button", { name: "下一步" }).click();
  await pick(page, "admin", "省属");
  await page.getByLabel("医疗费总额").fill("20000");
  await page.getByRole("button", { name: "看谁付、为什么" }).click();
  assert.match(await page.getByRole("heading", { level: 1 }).textContent(), /16,808\.00/);
  const details = page.locator("details", { has: page.locator("summary", { hasText: "依据：统筹基金" }) });
  await details.locator("summary").click();
  assert.ok(await details.locator(".clause").first().isVisible());
  await page.screenshot({ path: `${artifacts}without-script.png`, fullPage: true });
});

await test("by keyboard alone", { viewport: desktop }, async (page) => {
  await go(page, "/");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  const focusOn = async (selector) => {
    for (let step = 0; step < 80; step += 1) {
      if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`Tab never reached ${selector}`);
  };
  const choose = async (name, value) => {
    await focusOn(`[name=${name}]`);
    for (let step = 0; step < 40; step += 1) {
      if (await page.evaluate((wanted) => document.activeElement.value === wanted, value)) return;
      await page.keyboard.press("ArrowDown");
    }
    assert.fail(`no ${value} among ${name}`);
  };
  await choose("area", "410100");
  await choose("care", "inpatient");
  await focusOn("main form button");
  await page.keyboard.press("Enter");
  await page.waitForURL(/area=410100/);
  await page.locator("form.steps").waitFor();
  const next = async () => {
    await focusOn(".actions button.primary");
    await page.keyboard.press("Enter");
  };
  await next();
  await choose("admin", "provincial");
  await next();
  await focusOn("input[name=total]");
  await page.keyboard.type("20000");
  await focusOn(".actions button:not([type])");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/bill\?/);
  await focusOn("button.basis");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.getAttribute("aria-expanded") === "true");
});

await test("five questions: fill, submit, open 依据 and a saying", { viewport: phone }, async (page) => {
  await go(page, "/");
  await page.getByRole("link", { name: "五个问题" }).click();
  await pick(page, "area", "郑州市");
  await pick(page, "category", "在职");
  await page.getByLabel("问的是哪一天").fill("2025-03-05");
  await page.getByLabel("年龄（周岁）").fill("45");
  await page.getByLabel("月工资").fill("8,000");
  await page.getByLabel("您的个人账户：历年结转").fill("1500");
  await page.getByRole("button", { name: "看五个回答" }).click();
  assert.equal(await page.locator(".five-answer").count(), 5);
  assert.match(await page.locator(".five-answer", { has: page.locator("#account") }).innerText(), /每月划入 160\.00 元/);
  const button = page.getByRole("button", { name: /^依据\s*：每月划入/ });
  await button.click();
  await page.waitForFunction((node) => node.getAttribute("aria-expanded") === "true", await button.elementHandle());
  assert.match(await page.locator(`#${await button.getAttribute("aria-controls")}`).innerText(), /8000\.00 × 2%/);
  const saying = page.locator(".sayings summary").first();
  await saying.click();
  assert.ok(await page.locator(".sayings details[open] .basis-body").first().isVisible());
});

await test("five questions without a script", { viewport: phone, javaScriptEnabled: false }, async (page) => {
  await go(page, `/five?${five}`);
  await page.locator("summary", { hasText: "依据：每月划入" }).click();
  assert.ok(await page.locator("#b-account-credit .clause").first().isVisible());
  await page.getByRole("button", { name: "看五个回答" }).click();
  assert.equal(await page.locator(".five-answer").count(), 5, "the form keeps what was filled in");
});

await test("every calculation opens from the list and answers or says what is missing", { viewport: desktop }, async (page) => {
  await go(page, "/calculate");
  const links = await page.locator(".areas h2 a").evaluateAll((found) => found.map((link) => link.getAttribute("href")));
  assert.ok(links.length >= 12, `${links.length} calculations`);
  for (const link of links) {
    await go(page, link);
    const answered = page.waitForResponse((answer) => answer.url().includes("q=1"));
    await page.getByRole("button", { name: "算", exact: true }).click();
    const status = (await answered).status();
    await page.waitForLoadState();
    const shown = status === 200 ? "#sentence" : "#errors li";
    assert.ok(status === 200 || status === 422, `${link}: ${status}`);
    assert.ok(await page.locator(shown).first().isVisible(), `${link}: ${status}`);
  }
});

await test("a calculation: steps with clauses opening in place", { viewport: phone }, async (page) => {
  await go(page, pages.calculate);
  assert.match(await page.getByRole("heading", { level: 1 }).textContent(), /160\.00/);
  const button = page.getByRole("button", { name: /^依据\s*：个人缴基本医疗/ });
  await button.click();
  await page.waitForFunction((node) => node.getAttribute("aria-expanded") === "true", await button.elementHandle());
  assert.ok((await page.locator(`#${await button.getAttribute("aria-controls")} .grade`).count()) > 0);
});

await test("the interface answers what the page asks", { viewport: desktop }, async (page) => {
  await go(page, `/bill?${bill}`);
  await page.getByText("同样的问题用 JSON").click();
  const body = await page.locator("pre").innerText();
  const answer = await page.request.post(`${server.origin}/api/v1/quotes`, { headers: { "content-type": "application/json" }, data: body });
  assert.equal(answer.status(), 200);
  const told = await answer.json();
  assert.equal(told.results[0].pooled_paid, "16808.00");
  const bad = await page.request.post(`${server.origin}/api/v1/quotes`, { headers: { "content-type": "application/json" }, data: body.replace('"20000.00"', '"12.345"') });
  assert.equal(bad.status(), 422);
  assert.match(bad.headers()["content-type"], /^application\/problem\+json/);
});

await sandboxTests({ test, accessible, noSidewaysScroll, artifacts });

await browser.close();
server.stop();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
