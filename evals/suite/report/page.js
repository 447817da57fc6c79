"use strict";
const { rows, languages } = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const ORDER = ["fail", "not_evaluated", "pass"];
rows.sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome) || a.key.localeCompare(b.key));
for (const row of rows) {
  row.text = [row.key, row.title, row.why, row.decision, ...row.turns.flatMap((turn) => [turn.said, turn.reply, ...turn.tools.map((tool) => tool.name)])]
    .join(" ").toLowerCase();
}
let shown = [], current = "";

/** An element; text is never read as markup. */
function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children.filter((child) => child !== "" && child != null));
  return node;
}

function options(id, title, values, label = (value) => value.replaceAll("_", " ")) {
  $(id).append(new Option(title, ""), ...[...new Set(values)].sort().map((value) => new Option(label(value), value)));
}
options("outcome", "Any outcome", rows.map((row) => row.outcome));
options("area", "Any area", rows.map((row) => row.area));
options("language", "Any language", rows.map((row) => row.language), (value) => languages[value]);
options("tag", "Any tag", rows.flatMap((row) => row.tags));
options("failing", "Any finding", rows.flatMap((row) => row.failing), (value) => `fails: ${value}`);

function filter() {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const picked = (id) => $(id).value;
  shown = rows.filter((row) => words.every((word) => row.text.includes(word))
    && (!picked("outcome") || row.outcome === picked("outcome"))
    && (!picked("area") || row.area === picked("area"))
    && (!picked("language") || row.language === picked("language"))
    && (!picked("tag") || row.tags.includes(picked("tag")))
    && (!picked("failing") || row.failing.includes(picked("failing"))));
  $("count").textContent = `${shown.length} of ${rows.length}`;
  $("list").replaceChildren(...shown.map((row) => {
    const button = el("button", { type: "button", class: row.outcome, "aria-current": row.key === current },
      row.title, el("small", {}, `${row.key} · ${row.outcome.replaceAll("_", " ")}${row.why ? ` · ${row.why.slice(0, 120)}` : ""}`));
    button.addEventListener("click", () => show(row.key));
    return button;
  }));
  if (!shown.some((row) => row.key === current)) shown.length ? show(shown[0].key, false) : $("detail").replaceChildren("Nothing fits.");
}

function show(key, linked = true) {
  const row = rows.find((one) => one.key === key);
  if (!row) return;
  current = key;
  if (linked) history.replaceState(null, "", `#${encodeURIComponent(key)}`);
  for (const [index, button] of [...$("list").children].entries()) button.setAttribute("aria-current", shown[index].key === key);
  if (linked) $("list").querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
  $("detail").replaceChildren(...detail(row));
}

function detail(row) {
  const passed = row.checks.filter((check) => check.outcome === "pass");
  return [
    el("h2", {}, row.title),
    el("p", {}, el("b", { class: row.outcome }, row.outcome.replaceAll("_", " ")), row.was && row.was !== row.outcome ? ` (was ${row.was.replaceAll("_", " ")})` : "",
      `${row.opening ? " · begun in other words" : ""} · ${row.key} · ${row.who} · decided: ${row.decision} · ${row.ms} ms `, ...row.tags.map((tag) => el("span", { class: "tag" }, tag))),
    ...row.checks.filter((check) => check.outcome !== "pass").map(finding),
    folded(`${passed.length} checks passed`, passed.map((check) => `${check.grader}: ${check.name}`).join("\n")),
    row.plants.length ? folded("Planted text", row.plants.join("\n\n")) : "",
    row.faults.length ? folded("Faults of the order system", row.faults.join("\n")) : "",
    row.world.length ? folded("What the world did", row.world.join("\n")) : "",
    el("h3", {}, "Conversation"),
    ...row.turns.map((turn) => spoken(turn, row)),
    ...row.handoffs.map((one) => folded(`Case for a person: ${one.status}, ${one.queue}: ${one.reasons.join("; ")}`, one.packet)),
    row.changes.length ? folded("Rows of the shop that changed", row.changes.join("\n")) : "",
  ].filter(Boolean);
}

function finding(check) {
  const where = check.turn ? `, turn ${check.turn}` : "";
  const node = el("div", { class: `check ${check.outcome}` },
    el("p", {}, el("b", {}, `${check.grader}: ${check.name}${where}`)), el("p", {}, check.detail));
  if (check.diff?.length) {
    node.append(el("p", { class: "legend" }, "− expected, + actual"), el("div", { class: "diff" }, ...check.diff.map(([mark, text]) =>
      el("div", { class: { "-": "minus", "+": "plus" }[mark] || "same" }, `${mark} ${text}`))));
  }
  return node;
}

function spoken(turn, row) {
  const marks = turn.marks.map((mark) => ({ setup: "by the fixture", again: "sent again", hostile: "an attack", wants_person: "asks for a person" })[mark]);
  const asked = turn.asks.length ? ` · asks: ${turn.asks.join(", ")}` : "";
  const breaches = row.checks.filter((check) => check.outcome === "fail" && check.turn && check.turn === turn.n);
  const bot = turn.problem || turn.reply || (turn.silent === "bot" ? "(no answer)" : `(silence: the conversation is ${turn.silent})`);
  return el("div", { class: "turn" },
    el("div", { class: `bubble shopper${turn.button ? " button" : ""}` }, turn.said || `presses “${turn.button}”`),
    el("div", { class: "meta" }, [`turn ${turn.n}`, turn.at, ...marks].join(" · ")),
    ...turn.tools.map((tool) => folded(`${tool.ok ? "→" : "✕"} ${tool.name}(${tool.arguments})`, tool.result || "(out of sight)")),
    el("div", { class: `bubble bot${turn.reply ? "" : " silent"}` }, bot),
    el("div", { class: "meta" }, `${turn.ms} ms · identity ${turn.level}${asked}${turn.handoff ? ` · person: ${turn.handoff}` : ""}`,
      ...turn.citations.map((title) => ` · cites “${title}”`)),
    ...turn.actions.map((action) => folded(`${action.kind.replaceAll("_", " ")} ${action.order || ""}: ${action.status}`, action.summary)),
    ...breaches.map((check) => el("p", { class: "meta breach" }, `${check.grader}: ${check.detail}`)));
}

function folded(title, text) {
  return el("details", {}, el("summary", {}, title), el("pre", {}, text || "nothing"));
}

for (const id of ["search", "outcome", "area", "language", "tag", "failing"]) $(id).addEventListener("input", filter);
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("keydown", (event) => {
  if (/^(INPUT|SELECT)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || !["j", "k"].includes(event.key)) return;
  const next = shown[shown.findIndex((row) => row.key === current) + (event.key === "j" ? 1 : -1)];
  if (next) show(next.key);
});
window.addEventListener("hashchange", () => show(decodeURIComponent(location.hash.slice(1))));
current = decodeURIComponent(location.hash.slice(1));
if (!rows.some((row) => row.key === current)) current = "";
filter();
if (current) show(current, false);
