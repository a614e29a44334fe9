// The sandbox in a browser: send a sequence, watch the log, read a field by keyboard, open the clause of an amount, switch a fault.
import assert from "node:assert/strict";
import { start } from "./server.mjs";

const phone = { width: 360, height: 800 };
const desktop = { width: 1280, height: 900 };

export async function sandboxTests({ test, accessible, noSidewaysScroll, artifacts }) {
  const server = await start(["--sandbox"]);
  const go = (page, path) => page.goto(server.origin + path);
  const post = async (page, number, sequence = "outpatient") => {
    const made = await (await page.request.get(`${server.origin}/api/v1/sandbox/requests/${number}?sequence=${sequence}`)).json();
    assert.deepEqual(made.missing, [], number);
    return page.request.post(server.origin + made.path, { headers: { "content-type": "text/plain" }, data: JSON.stringify(made.body) });
  };
  const fine = async (page, number, sequence) => {
    const answer = await (await post(page, number, sequence)).json();
    assert.equal(answer.infcode, 0, `${number}: ${answer.err_msg}`);
    return answer.output;
  };

  await test("sandbox: people, requests and what must come first", { viewport: desktop, own: server.origin }, async (page) => {
    await go(page, "/sandbox");
    await page.getByRole("cell", { name: /沙箱在职/ }).or(page.getByRole("rowheader", { name: /沙箱在职/ })).first().waitFor();
    assert.equal(await page.getByText("还没有报文。").count(), 1);
    await page.getByText(/^先要/).first().waitFor();
    await page.getByRole("button", { name: "发送 2201" }).click();
    await page.getByRole("button", { name: "发送 2203" }).waitFor();
  });

  await test("sandbox: a sequence that a system posts appears in the log by itself", { viewport: desktop, own: server.origin }, async (page) => {
    await go(page, "/sandbox");
    for (const number of ["1101", "2201", "2203", "2204", "2206", "2207"]) await fine(page, number);
    await page.locator("[data-log]").getByText("2207").first().waitFor();
  });

  await test("sandbox: a field is reached by keyboard and says what it means", { viewport: desktop, own: server.origin }, async (page) => {
    const { last } = await (await page.request.get(`${server.origin}/api/v1/sandbox/messages?limit=1`)).json();
    await go(page, `/sandbox/messages/${last}`);
    const field = page.locator("summary", { hasText: "med_type" }).first();
    await field.focus();
    await page.keyboard.press("Enter");
    const told = field.locator("xpath=..");
    await told.getByText("类型和长度").waitFor();
    assert.match(await told.innerText(), /医疗类别：普通门诊/);
    assert.match(await told.innerText(), /文字 6/);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "med_type", "the table of its codes comes next");
  });

  await test("sandbox: why an amount came out, by which clause", { viewport: desktop, own: server.origin }, async (page) => {
    const { last } = await (await page.request.get(`${server.origin}/api/v1/sandbox/messages?limit=1`)).json();
    await go(page, `/sandbox/messages/${last}`);
    await page.getByRole("heading", { name: "金额怎样得来" }).waitFor();
    const button = page.getByRole("button", { name: /^依据\s*：统筹基金/ }).first();
    await button.click();
    await page.waitForFunction((node) => node.getAttribute("aria-expanded") === "true", await button.elementHandle());
    assert.ok((await page.locator(`#${await button.getAttribute("aria-controls")} .grade`).count()) > 0);
    await page.getByRole("link", { name: "结算单" }).click();
    await page.getByRole("heading", { level: 1, name: /医疗费用结算单/ }).waitFor();
  });

  await test("sandbox: a fault is switched on, met once, and off again", { viewport: desktop, own: server.origin }, async (page) => {
    await go(page, "/sandbox");
    await page.getByRole("combobox", { name: /^故障/ }).selectOption("failure");
    await page.getByLabel(/^交易编号/).fill("2101");
    await page.getByRole("button", { name: "打开", exact: true }).click();
    await page.locator(".faults", { hasText: "交易 2101，还有 1 次" }).waitFor();
    const answer = await (await post(page, "2101", "pharmacy")).json();
    assert.match(answer.err_msg, /^\[sandbox_fault\]/);
    await fine(page, "2101", "pharmacy");
    await go(page, "/sandbox");
    await page.getByText("现在没有故障。").waitFor();
    await page.getByRole("cell", { name: /沙箱里开着/ }).first().waitFor();
  });

  await test("sandbox: without a script a whole sequence is sent", { viewport: desktop, own: server.origin, javaScriptEnabled: false }, async (page) => {
    await go(page, "/sandbox?sequence=pharmacy");
    await page.getByRole("button", { name: "从头到尾发一遍" }).click();
    await page.getByRole("cell", { name: /2103/ }).first().waitFor();
    assert.equal(await page.locator(".log b", { hasText: "没有答复" }).count(), 0);
  });

  for (const [width, viewport] of [["phone", phone], ["desktop", desktop]]) {
    for (const [name, path] of Object.entries({
      sandbox: "/sandbox",
      "sandbox-message": "/sandbox/messages/7",
      "sandbox-transactions": "/sandbox/transactions",
      "sandbox-transaction": "/sandbox/transactions/2207",
      "sandbox-table": "/sandbox/tables/med_type",
    })) {
      await test(`axe: ${name}, ${width}`, { viewport, own: server.origin }, async (page) => {
        await go(page, path);
        await noSidewaysScroll(page);
        await page.screenshot({ path: `${artifacts}${name}-${width}.png`, fullPage: true });
        await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
        await accessible(page);
      });
    }
  }
  server.stop();
}
