// Everything here is a convenience: the pages work without it.
"use strict";
document.documentElement.classList.add("js");

function start() {
  // 依据: a button in the line opens the details under it.
  for (const button of document.querySelectorAll("button.basis")) {
    const details = document.getElementById(button.getAttribute("aria-controls"));
    if (!details) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      details.open = !details.open;
    });
    details.addEventListener("toggle", () => {
      button.setAttribute("aria-expanded", String(details.open));
    });
  }

  // Reading the sentence aloud.
  const speak = document.querySelector("[data-speak]");
  if (speak && "speechSynthesis" in window) {
    speak.hidden = false;
    speak.addEventListener("click", () => {
      const words = [...document.querySelectorAll("#sentence, .second")].map((node) => node.textContent).join("。");
      const said = new SpeechSynthesisUtterance(words);
      said.lang = "zh-CN";
      speechSynthesis.cancel();
      speechSynthesis.speak(said);
    });
  }

  // Copying the address.
  const copy = document.querySelector("[data-copy]");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(location.href);
      copy.textContent = "已复制";
    });
  }

  // Copying a text of the page.
  for (const button of document.querySelectorAll("[data-copies]")) {
    const source = document.getElementById(button.dataset.copies);
    if (!source || !navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = "已复制";
    });
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // The curve tells the nearest computed point under the pointer.
  const drawing = document.querySelector(".curve");
  const readout = document.querySelector("[data-readout]");
  const rows = [...document.querySelectorAll("[data-curve] tbody tr")];
  if (drawing && readout && rows.length > 0) {
    drawing.addEventListener("pointermove", (event) => {
      const box = drawing.getBoundingClientRect();
      const x = ((event.clientX - box.left) * 640) / box.width;
      const near = rows.reduce((best, row) => (Math.abs(row.dataset.x - x) < Math.abs(best.dataset.x - x) ? row : best));
      const [total, fund, burden] = [...near.cells].map((cell) => cell.textContent);
      readout.textContent = `总额 ${total} 元：医保基金付 ${fund}，您家付 ${burden}`;
      readout.hidden = false;
    });
  }
}
start();

// The form, one section at a time.
const form = document.querySelector("form.steps");
if (form) {
  const steps = [...form.querySelectorAll(".step")];
  const actions = form.querySelector(".actions");
  if (steps.length > 1) {
    const nav = document.createElement("nav");
    nav.setAttribute("aria-label", "步骤");
    const list = document.createElement("ol");
    list.className = "progress";
    nav.append(list);
    const marks = steps.map((step) => {
      const item = document.createElement("li");
      const mark = document.createElement("button");
      mark.type = "button";
      mark.textContent = step.querySelector("h2").lastChild.textContent;
      mark.addEventListener("click", () => show(steps.indexOf(step), true));
      item.append(mark);
      list.append(item);
      return mark;
    });
    form.before(nav);
    const back = document.createElement("button");
    back.type = "button";
    back.textContent = "上一步";
    const next = document.createElement("button");
    next.type = "button";
    next.className = "primary";
    next.textContent = "下一步";
    actions.prepend(back, next);
    const send = actions.querySelector("button:not([type])");
    let at = 0;
    const show = (index, focus) => {
      at = index;
      steps.forEach((step, position) => step.classList.toggle("now", position === at));
      marks.forEach((mark, position) => {
        if (position === at) mark.setAttribute("aria-current", "step");
        else mark.removeAttribute("aria-current");
      });
      back.hidden = at === 0;
      next.hidden = at === steps.length - 1;
      send.classList.toggle("primary", next.hidden);
      if (focus) {
        const heading = steps[at].querySelector("h2");
        heading.tabIndex = -1;
        heading.focus();
      }
    };
    back.addEventListener("click", () => show(at - 1, true));
    next.addEventListener("click", () => show(at + 1, true));
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input") && at < steps.length - 1) {
        event.preventDefault();
        show(at + 1, true);
      }
    });
    const locate = (focus) => {
      const target = location.hash ? document.getElementById(location.hash.slice(1)) : form.querySelector(".wrong");
      const index = target ? steps.findIndex((step) => step.contains(target)) : 0;
      show(Math.max(index, 0), false);
      if (target && focus) {
        target.scrollIntoView({ block: "center" });
        const field = target.querySelector("input:checked, input:not([type=hidden]), select, textarea");
        if (field) field.focus();
      }
    };
    document.body.classList.add("stepping");
    locate(Boolean(location.hash));
    window.addEventListener("hashchange", () => locate(true));
  }
  // An empty answer needs no place in the address.
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && field.value === "") field.disabled = true;
  });
}

// 试一试 without leaving the page: the answer of the linked page replaces this one's.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-inline]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("main");
    if (!answer.ok || !fresh) throw new Error(String(answer.status));
    const mark = link.dataset.inline;
    const top = link.getBoundingClientRect().top;
    history.pushState(null, "", link.href);
    const scripts = document.querySelector("main");
    scripts.replaceChildren(...fresh.childNodes);
    document.title = page.title;
    const same = document.querySelector(`a[data-inline="${mark}"]`);
    if (same) {
      same.focus({ preventScroll: true });
      window.scrollBy(0, same.getBoundingClientRect().top - top);
    }
    start();
  } catch {
    location.assign(link.href);
  }
});
window.addEventListener("popstate", () => location.reload());

// The sandbox's log goes on by itself while it is looked at; nobody's place in it is taken away.
const log = document.querySelector("[data-log]");
if (log) {
  document.querySelector("[data-live]").hidden = false;
  let shown = "";
  setInterval(async () => {
    if (document.hidden || log.contains(document.activeElement)) return;
    try {
      const answer = await fetch(log.dataset.log, { headers: { accept: "text/html" } });
      const rows = await answer.text();
      if (!answer.ok || rows === shown) return;
      shown = rows;
      const table = new DOMParser().parseFromString(`<table><tbody>${rows}</tbody></table>`, "text/html");
      log.replaceChildren(...table.querySelector("tbody").childNodes);
    } catch {
      // The server is away: what is there stays.
    }
  }, 1000);
}
