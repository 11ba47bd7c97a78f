// What moves on the pages of the desk. All of them work without it: a browser without scripts loads a page anew while a
// run goes on, shows its own sign while a file is sent, and is told lines in words in place of ticks on other pages.
"use strict";

const LOOKS_AGAIN_MS = 3000;
const pageHere = () => location.pathname + location.search;
let next;
let shown = pageHere();

/* Pages come from our own server, as whole documents; nothing else is ever put into one. */
function show(text, address) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  if (address && address !== location.href) history.pushState(null, "", address);
  shown = pageHere();
  document.title = fresh.title;
  document.body.replaceWith(document.adoptNode(fresh.body));
  begin();
}

/* A run that goes on: the page looks again, and changes only where something is different by now. */
async function lookAgain() {
  const before = document.querySelector("main[data-looks-again]");
  if (!before) return;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("main");
    if (document.contains(before) && fresh && !answer.redirected && fresh.innerHTML !== before.innerHTML) {
      const wasInside = before.contains(document.activeElement);
      before.replaceWith(document.adoptNode(fresh));
      if (wasInside) fresh.focus();
      document.title = page.title;
      document.getElementById("told").textContent = fresh.querySelector("h1")?.textContent || "";
    }
  } catch {
    // the desk is being started anew, or the line is down: the next look finds it
  }
  next = setTimeout(lookAgain, LOOKS_AGAIN_MS);
}

/* A file that is sent: how much of it has arrived. */
function send(form, button) {
  const [file] = form.querySelector("input[type=file]").files;
  const said = form.querySelector("[data-upload-says]");
  const { tooLarge, brokeOff, arrived, received } = said.dataset;
  const tell = (text) => { said.hidden = false; said.querySelector("span").textContent = text; };
  const bar = said.querySelector("progress");
  bar.hidden = true;
  if (file && file.size > Number(form.dataset.upload)) return tell(tooLarge);
  const request = new XMLHttpRequest();
  const broken = () => { button.disabled = false; bar.hidden = true; tell(brokeOff); };
  request.upload.onprogress = (event) => {
    if (!event.lengthComputable) return;
    const percent = Math.floor((100 * event.loaded) / event.total);
    bar.hidden = false;
    bar.value = percent;
    if (percent % 10 === 0 || percent < 10) tell(percent < 100 ? arrived.replace("0 %", `${percent} %`) : received);
  };
  request.onload = () => show(request.responseText, request.responseURL === form.action ? null : request.responseURL);
  request.onerror = request.onabort = broken;
  request.open("POST", form.action);
  button.disabled = true;
  request.send(new FormData(form));
}

/* Rows that are ticked: their lines stand in the field that names lines, and stay there when a page is turned. */
const kept = (form) => `lines:${form.querySelector("[name=plan_id]").value}`;

function rangesIn(text) {
  const parts = text.split(",").filter((part) => part.trim());
  const found = parts.map((part) => /^\s*(\d{1,9})(?:-(\d{1,9}))?\s*$/.exec(part));
  return found.every(Boolean) ? found.map((each) => [Number(each[1]), Number(each[2] || each[1])]) : null;
}

const holds = (ranges, line) => ranges.some(([first, last]) => first <= line && line <= last);

function without(ranges, line) {
  const parts = ([first, last]) => (line < first || line > last ? [[first, last]] : [[first, line - 1], [line + 1, last]]);
  return ranges.flatMap(parts).filter(([first, last]) => first <= last);
}

function beside(ranges, line) {
  const joined = [];
  for (const [first, last] of [...ranges, [line, line]].sort((one, other) => one[0] - other[0])) {
    const before = joined.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

const inWords = (ranges) => ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");

function ticks(form) {
  return [...document.querySelectorAll(`input[name=line][form="${form.id}"]`)];
}

function tickWhatIsNamed(form) {
  const ranges = rangesIn(form.elements.lines.value) || [];
  for (const tick of ticks(form)) tick.checked = holds(ranges, Number(tick.value));
}

function bringBack(form) {
  form.elements.lines.value ||= sessionStorage.getItem(kept(form)) || "";
  tickWhatIsNamed(form);
}

function keep(form, changed) {
  const field = form.elements.lines;
  const ranges = rangesIn(field.value);
  if (changed !== field && ranges)
    field.value = inWords(changed.checked ? beside(ranges, Number(changed.value)) : without(ranges, Number(changed.value)));
  else if (changed === field) tickWhatIsNamed(form);
  sessionStorage.setItem(kept(form), field.value);
}

function begin() {
  clearTimeout(next);
  next = setTimeout(lookAgain, LOOKS_AGAIN_MS);
  const some = document.getElementById("some");
  if (some) bringBack(some);
}

document.addEventListener("input", ({ target }) => {
  if (target.form?.id === "some" && ["line", "lines"].includes(target.name)) keep(target.form, target);
});
document.addEventListener("submit", (event) => {
  if (event.target.id === "some") sessionStorage.removeItem(kept(event.target));
  if (!("upload" in event.target.dataset)) return;
  event.preventDefault();
  send(event.target, event.submitter);
});
addEventListener("popstate", () => {
  if (pageHere() !== shown) location.reload(); // a link within the page comes here too
});
begin();
