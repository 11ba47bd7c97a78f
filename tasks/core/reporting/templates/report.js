"use strict";
// Draws only the rows in view, so that a hundred thousand of them scroll like a hundred.

const OVERSCAN = 12;
const PRINTED_ROWS = 1000;
const NOT_DONE = ["held", "conflict", "refused", "unknown"];

async function unpack() {
  const packed = Uint8Array.from(atob(document.getElementById("packed").textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function said(text, places) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => places[name]);
}

function tagged(tag, value, words) {
  return element("span", "side", element("span", "tag", tag), value ?? words.nothing);
}

// What one cell of the target was, should be and is: the words differ by what became of the change.
function sides(words, group, before, after, now, hasNow) {
  if (before === after && (!hasNow || now === null || now === after)) return [after ?? ""];
  if (group === "unchanged") return [after ?? words.nothing];
  if (group === "conflict" && hasNow) return [tagged(words.was, before, words), " ", tagged(words.ours, after, words), " ", tagged(words.now, now, words)];
  if (before === after || before === null) return [after ?? ""];
  if (NOT_DONE.includes(group)) return [tagged(words.is, before, words), " ", tagged(words.asked, after, words)];
  if (after === null) return [element("del", "", before)];
  return [element("del", "", before), " → ", element("ins", "", after)];
}

function valueCell(rows, column, at, words) {
  const [before, after] = [rows[column.name + "_before"][at], rows[column.name + "_after"][at]];
  const now = column.has_now ? rows[column.name + "_now"][at] : null;
  const group = rows.group[at];
  const differs = before !== after;
  const names = ["value", column.is_amount && "amount", column.rest && "rest"];
  names.push(group === "changed" && differs && "moved", !differs && "same", !before && !after && "blank");
  const content = element("div", "", ...sides(words, group, before, after, now, column.has_now));
  const cell = element("td", names.filter(Boolean).join(" "), content);
  cell.dataset.heading = column.heading;
  return cell;
}

function textCell(className, text) {
  const cell = element("td", className, element("div", "", String(text ?? "")));
  if (className === "says") cell.title = text;
  return cell;
}

function changeRow(document_, at) {
  const rows = document_.changes;
  const badge = element("span", "badge " + rows.group[at], document_.labels[rows.group[at]]);
  const values = document_.columns.map((column) => valueCell(rows, column, at, document_.words));
  const cells = [textCell("line", rows.line[at]), element("td", "kind", badge), textCell("key", rows.key[at])];
  const says = textCell("says", rows.says[at]);
  // where the columns do not fit the page, what happened must not be the last of them
  return element("tr", rows.group[at], ...cells, ...(values.length > 4 ? [says, ...values] : [...values, says]));
}

function rejectRow(document_, at) {
  const rows = document_.rejects;
  const [line, row] = [rows.line[at], rows.row?.[at] ?? rows.line[at]];
  const place = row === line ? line : said(document_.words.place, { row, line });
  const cells = [textCell(row === line ? "line" : "line placed", place), textCell("kind", rows.heading[at])];
  return element("tr", "", ...cells, textCell("value wrong", rows.value[at]), textCell("says", rows.message[at]));
}

// Amounts sort by what they are worth, card numbers and words by their characters, nothing comes last.
function sortKeys(values, isAmount, words) {
  if (!isAmount) return values;
  const worth = (text) => Number([...text].filter((sign) => /[0-9-]/.test(sign) || sign === words.decimal).join("").replace(words.decimal, "."));
  return values.map((text) => (text === null ? null : worth(text)));
}

function sorted(indices, keys, direction) {
  return indices.sort((a, b) => {
    const [x, y] = [keys[a], keys[b]];
    if (x === y) return a - b;
    if (x === null || y === null) return x === null ? 1 : -1;
    return x < y ? -direction : direction;
  });
}

class RowTable {
  constructor(section, rows, drawRow, searched, amounts, columns, words) {
    Object.assign(this, { section, rows, drawRow, searched, amounts, columns, words, group: "", text: "", sort: null });
    this.told = rows.says ? "says" : "message";
    this.widths = new Map();
    this.count = rows.line.length;
    this.viewport = section.querySelector(".viewport[hidden]");
    this.body = section.querySelector("table:not(.plain)").appendChild(element("tbody"));
    this.lowered = rows[searched].map((text) => String(text).toLowerCase());
    this.listen();
    for (const part of [this.viewport, section.querySelector(".tools")]) part.hidden = false;
    this.pick();
  }

  listen() {
    this.viewport.addEventListener("scroll", () => this.draw(), { passive: true });
    addEventListener("resize", () => this.pick());
    this.section.querySelector("#every-column")?.addEventListener("change", () => this.pick());
    addEventListener("beforeprint", () => this.drawForPaper());
    addEventListener("afterprint", () => this.pick());
    this.section.querySelector('input[type="search"]').addEventListener("input", (event) => {
      this.text = event.target.value.trim().toLowerCase();
      this.pick();
    });
    for (const button of this.section.querySelectorAll("[data-sort]"))
      button.addEventListener("click", () => this.sortBy(button));
  }

  sortBy(button) {
    const direction = this.sort?.name === button.dataset.sort ? -this.sort.direction : 1;
    this.sort = { name: button.dataset.sort, direction };
    for (const heading of this.section.querySelectorAll("th")) heading.removeAttribute("aria-sort");
    button.parentElement.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
    this.pick();
  }

  matches(at) {
    return (!this.group || this.rows.group[at] === this.group) && (!this.text || this.lowered[at].includes(this.text));
  }

  pick() {
    const indices = [];
    for (let at = 0; at < this.count; at++) if (this.matches(at)) indices.push(at);
    const keys = this.sort && sortKeys(this.rows[this.sort.name], this.amounts.includes(this.sort.name), this.words);
    this.picked = this.sort ? sorted(indices, keys, this.sort.direction) : indices;
    this.viewport.scrollTop = 0;
    this.place();
    this.say(this.picked.length);
    this.draw();
  }

  say(shown) {
    const [some, num] = [shown, this.count].map((count) => count.toLocaleString(document.documentElement.lang));
    const all = said(this.count === 1 ? this.words.one : this.words.many, { num });
    this.section.querySelector(".showing").textContent = some === num ? all : said(this.words.some, { some, all });
  }

  drawForPaper() {
    const printed = Math.min(PRINTED_ROWS, this.picked.length);
    this.say(printed);
    this.drawRange(0, printed);
  }

  rowHeight() {
    return parseInt(getComputedStyle(document.documentElement).getPropertyValue("--row"), 10);
  }

  // Where each row begins: as high as its reason is long, and on a phone as it has cells to show.
  place() {
    const narrow = matchMedia("(max-width: 640px)").matches, wide = this.section.classList.contains("wide");
    const heading = this.section.querySelector("table:not(.plain) th.says");
    const room = (narrow ? this.viewport.clientWidth - 26 : heading.offsetWidth - 26) || 300;
    const pen = document.createElement("canvas").getContext("2d"), style = getComputedStyle(this.body);
    pen.font = `${style.fontSize} ${style.fontFamily}`;
    this.starts = new Float64Array(this.picked.length + 1);
    this.picked.forEach((at, n) => {
      const lines = this.lines(this.rows[this.told][at] ?? "", room, pen);
      const height = wide && narrow ? 48 + 20 * (lines + this.cellsShown(at, pen, room)) : this.rowHeight() + 20 * Math.max(0, lines - 2);
      this.starts[n + 1] = this.starts[n] + height;
    });
  }

  lines(text, room, pen) {
    if (!this.widths.has(text)) this.widths.set(text, pen.measureText(text).width * 1.12);
    return Math.ceil(this.widths.get(text) / room) || 1;
  }

  // On a phone a card shows the cells that differ, or all that hold something where that is asked for.
  cellsShown(at, pen, room) {
    const every = document.getElementById("every-column")?.checked;
    const tags = [this.words.asked, this.words.was, this.words.now].join(" ");
    let shown = 0;
    for (const column of this.columns) {
      const [before, after] = [this.rows[column.name + "_before"][at] ?? "", this.rows[column.name + "_after"][at] ?? ""];
      const now = column.has_now ? this.rows[column.name + "_now"][at] ?? "" : "";
      if ((before || after) && (every || (!column.rest && before !== after)))
        shown += this.lines(`${column.heading}: ${before === after ? after : `${tags} ${before} → ${after} ${now}`}`, room - 12, pen);
    }
    return shown;
  }

  indexAt(height) {
    let [low, high] = [0, this.picked.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle + 1] <= height) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  draw() {
    const first = this.indexAt(this.viewport.scrollTop);
    const visible = Math.ceil(innerHeight / this.rowHeight());
    this.drawRange(Math.max(0, first - OVERSCAN), Math.min(this.picked.length, first + visible + OVERSCAN));
  }

  drawRange(from, to) {
    const drawn = this.picked.slice(from, to).map((at, n) => this.drawn(at, from + n));
    const above = this.spacer(this.starts[from]), below = this.spacer(this.starts[this.picked.length] - this.starts[to]);
    this.body.replaceChildren(...above, ...drawn, ...below);
    if (!this.picked.length) this.body.append(element("tr", "spacer", this.wide("nothing", this.words.none)));
  }

  drawn(at, place) {
    const row = this.drawRow(at);
    const high = this.starts[place + 1] - this.starts[place];
    if (high !== this.rowHeight()) row.style.setProperty("--high", high + "px");
    return row;
  }

  wide(className, text) {
    const cell = element("td", className, text);
    cell.colSpan = this.section.querySelectorAll("table:not(.plain) thead th").length;
    return cell;
  }

  spacer(height) {
    if (!height) return [];
    const cell = this.wide("", "");
    cell.style.height = height + "px";
    return [element("tr", "spacer", cell)];
  }
}

function listenToTiles(table) {
  const tiles = [...document.querySelectorAll(".tile[data-group]")];
  const all = table.section.querySelector(".all");
  const choose = (group) => {
    table.group = group;
    for (const tile of tiles) tile.setAttribute("aria-pressed", String(tile.dataset.group === group));
    all.hidden = !group;
    table.pick();
    table.section.scrollIntoView({ block: "nearest" });
  };
  for (const tile of tiles)
    tile.addEventListener("click", () => choose(table.group === tile.dataset.group ? "" : tile.dataset.group));
  all.addEventListener("click", () => choose(""));
}

unpack().then((data) => {
  const [changes, rejects] = ["changes", "rejects"].map((name) => document.querySelector(`[data-table="${name}"]`));
  const amounts = data.columns.filter((c) => c.is_amount).map((c) => c.name + "_after");
  if (changes) listenToTiles(new RowTable(changes, data.changes, (at) => changeRow(data, at), "key", amounts, data.columns, data.words));
  if (rejects) new RowTable(rejects, data.rejects, (at) => rejectRow(data, at), "value", [], [], data.words);
});
