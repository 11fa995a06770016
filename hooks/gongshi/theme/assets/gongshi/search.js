// The search page. Texts are cut into words as hooks/gongshi/outputs/searchtext.py cuts them: change both together.
const SITE = new URL("../../", import.meta.url);
const INDEX = new URL("pagefind/", SITE);
const HAN = "\\u3005\\u3007\\u3040-\\u30ff\\u3100-\\u312f\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const WORD = new RegExp(`[${HAN}]|[0-9]+|(?:(?![0-9${HAN}])[\\p{L}\\p{N}]\\p{M}*)+`, "gu");
const FACETS = ["column", "year", "tag"];
const TITLE_WORDS = 64;
const PORTION = 10;
const EXCERPT = 90;

const root = document.getElementById("gs-search");
const form = root.querySelector("form");
const status = root.querySelector(".gs-search__status");
const list = root.querySelector(".gs-search__results");
const more = root.querySelector(".gs-search__more");
const names = new Map();
let engine;
let latest = 0;
let timer;

const cut = (text) => text.normalize("NFC").replace(/[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu, "").replace(/[０-９Ａ-Ｚａ-ｚ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).toLowerCase().match(WORD) ?? [];
/** Whether a word is the beginning of others, too, when it is searched alone: foreign words, not characters and numbers. */
const isOpen = (word) => new RegExp(`^(?![0-9${HAN}])[\\p{L}\\p{N}\\p{M}]*$`, "u").test(word) && !/[0-9]/.test(word);

/** The phrases of a query: words without a space between them must follow one another. */
export const phrases = (query) => query.slice(0, 100).split(/\s+/u).map(cut).filter((words) => words.length);

/** Whether the words at a place of a text are the phrase; a foreign word alone may be the beginning of one. */
const stands = (words, place, phrase) => phrase.every((word, i) => {
  const there = words[place + i];
  return there === word || (phrase.length === 1 && isOpen(word) && there?.startsWith(word));
});

function load() {
  engine ??= import(new URL("pagefind.js", INDEX)).then(async (pagefind) => {
    const instance = pagefind.createInstance({ noWorker: true });
    await instance.init();
    return instance;
  });
  engine.catch(() => { engine = undefined; });
  return engine;
}

/** The pages that contain a phrase, newest first. */
async function pages(pagefind, phrase) {
  const term = phrase.join(" ");
  if (phrase.length > 1 || !isOpen(term)) return (await pagefind.search(`"${term}"`)).results;
  const { results } = await pagefind.search(term, { sort: { place: "asc" } });
  // Where no word begins like this, Pagefind takes words that begin like a part of it: then none of its pages counts.
  const begins = results.length && (await results[0].data()).content.split(" ").some((word) => cut(word)[0]?.startsWith(term));
  return begins ? results : [];
}

/** The pages that match every phrase and filter. */
export async function find(query) {
  const pagefind = await load();
  const asked = [...query.phrases, ...FACETS.map((facet) => query[facet]).filter(Boolean).map((sign) => [sign])];
  const answers = await Promise.all(asked.map((phrase) => pages(pagefind, phrase)));
  if (!answers.length) return [];
  const [first, ...others] = answers;
  const rest = others.map((results) => new Set(results.map((result) => result.id)));
  const found = first.filter((result) => rest.every((ids) => ids.has(result.id)));
  if (query.order === "date" || !query.phrases.length) return found;
  const inTitle = answers.slice(0, query.phrases.length).map((results) => new Set(results.filter((result) => result.words.some((place) => place < TITLE_WORDS)).map((result) => result.id)));
  const rank = (result) => inTitle.filter((ids) => ids.has(result.id)).length;
  return found.map((result) => [rank(result), result]).sort((a, b) => b[0] - a[0]).map(([, result]) => result);
}

const text = (words) => words.join("").replaceAll("\u2060", " ");
const make = (name, content, ...children) => {
  const element = document.createElement(name);
  if (content) element.textContent = content;
  element.append(...children);
  return element;
};

/** Words as nodes, those of a phrase marked. */
function marked(words, wanted) {
  const plain = words.map((word) => cut(word)[0]);
  const hit = new Array(words.length).fill(false);
  for (let place = 0; place < words.length; place++) {
    for (const phrase of wanted) if (stands(plain, place, phrase)) hit.fill(true, place, place + phrase.length);
  }
  const nodes = [];
  for (let start = 0, end; start < words.length; start = end) {
    for (end = start + 1; end < words.length && hit[end] === hit[start];) end++;
    const part = text(words.slice(start, end));
    if (!hit[start]) nodes.push(part);
    else {
      // The punctuation around a match is not marked.
      const [, before, match, after] = /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{M}\p{N}]*)$/su.exec(part);
      nodes.push(before, make("mark", match), after);
    }
  }
  return nodes;
}

/** The part of a text around the first match. */
function excerpt(words, wanted) {
  const plain = words.map((word) => cut(word)[0]);
  const first = plain.findIndex((_, place) => wanted.some((phrase) => stands(plain, place, phrase)));
  const start = Math.max(0, Math.min(first - 15, words.length - EXCERPT));
  const nodes = marked(words.slice(start, start + EXCERPT), wanted);
  return [start ? "…" : "", ...nodes, start + EXCERPT < words.length ? "…" : ""];
}

async function item(result, wanted) {
  const data = await result.data();
  const words = data.content.split(" ");
  const border = words.indexOf("¶");
  const title = words.slice(0, border).filter((word) => word !== "·");
  const rest = words.slice(border + 1);
  const signs = rest.filter((word) => /^(f0[0-9a-f]{12}|d[0-9]{8}|x1)$/.test(word));
  const body = rest.slice(0, rest.length - signs.length);
  const link = make("a", "", ...marked(title, wanted));
  link.href = new URL(data.raw_url, SITE).href;
  const facts = make("p");
  facts.className = "gs-search__facts";
  for (const sign of signs) {
    const day = /^d(\d{4})(\d\d)(\d\d)$/.exec(sign)?.slice(1).join("-");
    if (day) facts.append(make("time", day));
    else if (names.get(sign)?.facet === "column") facts.append(make("span", names.get(sign).name));
    else if (sign === "x1") facts.append(Object.assign(make("span", root.dataset.expired), { className: "gs-tag gs-tag--expired" }));
  }
  return make("li", "", make("p", "", link), make("p", "", ...excerpt(body, wanted)), facts);
}

const values = () => Object.fromEntries(new FormData(form));

/** Keeps what is asked in the address, so that it can be sent on. */
function remember(asked) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(asked)) {
    const shown = names.get(value)?.name ?? value;
    if (shown) address.searchParams.set(name, shown);
    else address.searchParams.delete(name);
  }
  history.replaceState(history.state, "", address);
}

async function show() {
  const turn = ++latest;
  root.setAttribute("aria-busy", "true");
  const asked = values();
  remember(asked);
  const wanted = phrases(asked.q);
  if (!wanted.length && !FACETS.some((facet) => asked[facet])) {
    status.textContent = "";
    list.replaceChildren();
    more.hidden = true;
    root.setAttribute("aria-busy", "false");
    return;
  }
  const slow = setTimeout(() => { if (turn === latest) status.textContent = root.dataset.busy; }, 300);
  try {
    const found = await find({ ...asked, phrases: wanted });
    const portion = await Promise.all(found.slice(0, PORTION).map((result) => item(result, wanted)));
    if (turn !== latest) return;
    status.textContent = found.length ? root.dataset.count.replace("{number}", found.length) : root.dataset.none;
    list.replaceChildren(...portion);
    more.hidden = found.length <= PORTION;
    more.onclick = async () => {
      const shown = list.children.length;
      const next = await Promise.all(found.slice(shown, shown + PORTION).map((result) => item(result, wanted)));
      if (turn !== latest || list.children.length !== shown) return;
      list.append(...next);
      more.hidden = list.children.length >= found.length;
      next[0]?.querySelector("a").focus();
    };
  } catch (error) {
    console.warn(error);
    if (turn === latest) status.textContent = root.dataset.failed;
  } finally {
    clearTimeout(slow);
    if (turn === latest) root.setAttribute("aria-busy", "false");
  }
}

async function choices() {
  const answer = await fetch(new URL("choices.json", INDEX));
  const listed = await answer.json();
  for (const facet of FACETS) {
    const select = form.elements[facet];
    select.closest("label").hidden = !listed[facet].length;
    for (const [name, sign] of listed[facet]) {
      names.set(sign, { facet, name });
      select.add(new Option(name, sign));
    }
  }
}

async function start() {
  const given = new URLSearchParams(location.search);
  form.elements.q.value = given.get("q") ?? "";
  root.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); show(); });
  try {
    await choices();
  } catch (error) {
    console.warn(error);
    status.textContent = root.dataset.failed;
    return;
  }
  for (const facet of FACETS) {
    const option = [...form.elements[facet].options].find((each) => each.value && each.text === given.get(facet));
    if (option) option.selected = true;
  }
  if (given.get("order") === "date") form.elements.order.value = "date";
  form.elements.q.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(show, 250);
  });
  form.elements.q.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(show, 250); });
  form.addEventListener("change", (event) => { if (event.target !== form.elements.q) show(); });
  await show();
}

start();
