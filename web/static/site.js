// What keys and quick hands add; every page works without it. One section a page, the first is for all of them.
"use strict";

document.documentElement.classList.add("keyed");

// -- every page: an element is reached by the key that it names in aria-keyshortcuts ---------------------------------

const TYPING = "input, select, textarea, [contenteditable]";

document.addEventListener("keydown", (event) => {
  const at = event.target instanceof Element ? event.target.closest(TYPING) : null;
  if (at) {
    if (event.key === "Escape") at.blur();
    else if (event.key === "Enter" && at.form) enter(event, at);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const named = document.querySelector(`[aria-keyshortcuts~="${CSS.escape(event.key)}"]`);
  if (!named) return;
  event.preventDefault();
  const field = named.dataset.focus ? document.getElementById(named.dataset.focus) : named;
  if (!field.matches(TYPING)) return field.click();
  field.focus();
  field.select?.();
});

// Enter sends what stands beside the field (data-enter names the button); in a text of several lines with Ctrl.
function enter(event, field) {
  const button = field.dataset.enter && field.form.querySelector(`button[value="${field.dataset.enter}"]`);
  if (!button && !(event.ctrlKey && field.matches("textarea"))) return;
  event.preventDefault();
  field.form.requestSubmit(button || undefined);
}

function link(text, address) {
  const made = document.createElement("a");
  made.href = address;
  made.textContent = text;
  return made;
}

// -- review: the next statement is fetched before it is wanted, a decision is sent while the next is read -------------

if (document.getElementById("desk")) review();

function review() {
  const desk = () => document.getElementById("desk");
  let ahead = []; // statements to come, the next one first
  let sent = Promise.resolve(); // decisions on their way, in order
  let turn = Promise.resolve(); // what is shown changes one after the other
  let turning = 0;
  let open = 0;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id !== "undo" && !form.matches("form.review")) return;
    event.preventDefault();
    if (turning) return;
    if (form.id === "undo") undo(form);
    else decide(form, event.submitter);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest('#desk a[aria-keyshortcuts]');
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (link.dataset.focus) document.getElementById(link.dataset.focus).focus();
    else if (!turning) skip(link.href);
  });
  addEventListener("beforeunload", (event) => {
    if (open) event.preventDefault();
  });
  prefetch();

  // a form may have a field called "action", which hides the property
  function decide(form, button) {
    const here = desk();
    const body = new URLSearchParams(new FormData(form));
    if (button?.name) body.append(button.name, button.value);
    send(async () => {
      const [answer, page] = await post(form.getAttribute("action"), body);
      if (answer) return told(answer);
      const refused = page?.getElementById("desk");
      back(refused || here, page ? "Not stored" : "Not stored, the site does not answer: decide again");
    });
    change(async () => show(await (ahead.shift() ?? fetched(here.dataset.next))));
  }

  function undo(form) {
    const body = new URLSearchParams(new FormData(form));
    send(async () => {
      const [answer, page] = await post(form.getAttribute("action"), body);
      if (!answer) return say(true, page?.querySelector("main p")?.textContent ?? "The site does not answer");
      change(async () => show(await fetched(answer.address)));
      ahead = [];
      told(answer);
    });
  }

  function skip(address) {
    ahead = [];
    change(async () => {
      await sent;
      show(await fetched(address));
    });
  }

  function send(work) {
    open += 1;
    sent = sent.then(work).finally(() => (open -= 1));
  }

  function change(work) {
    turning += 1;
    turn = turn
      .then(work)
      .catch(() => say(true, "The site does not answer: load the page again"))
      .finally(() => (turning -= 1));
  }

  // What was not stored comes back with what was entered; what stood there meanwhile is the next.
  function back(found, why) {
    change(async () => {
      if (desk() !== found) ahead.unshift(desk());
      show(found);
      say(true, why);
    });
  }

  function show(found) {
    desk().replaceWith(found);
    scrollTo({ top: 0, behavior: "instant" });
    document.getElementById("item")?.focus({ preventScroll: true });
    prefetch();
    // the end was foreseen while decisions were on their way
    if (found.dataset.end) sent.then(() => fetched(found.dataset.end)).then((anew) => found.replaceWith(anew));
  }

  function prefetch() {
    const next = desk().dataset.next;
    if (!next || ahead.length) return;
    const coming = fetched(next);
    coming.catch(() => (ahead = ahead.filter((one) => one !== coming)));
    ahead.push(coming);
  }

  async function post(address, body) {
    try {
      const headers = { accept: "application/json" };
      const keepalive = String(body).length < 60000;
      const answer = await fetch(address, { method: "POST", body, headers, keepalive });
      if (answer.ok && answer.headers.get("content-type").startsWith("application/json")) return [await answer.json()];
      return [null, parsed(await answer.text())];
    } catch {
      return [null, null];
    }
  }

  async function fetched(address) {
    const page = parsed(await (await fetch(address)).text());
    return document.adoptNode(page.getElementById("desk"));
  }

  function parsed(html) {
    return new DOMParser().parseFromString(html, "text/html");
  }

  function told(answer) {
    document.getElementById("waiting").textContent = answer.waiting;
    say(false, `${answer.said}: `, link(answer.name, answer.address));
  }

  function say(bad, ...words) {
    const line = document.createElement("span");
    line.append(...words);
    document.getElementById("said").replaceChildren(line);
    document.getElementById("said").classList.toggle("bad", bad);
  }
}

// -- article: what is selected goes along to the form that adds a statement -----------------------------------------

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-selected]");
  const words = String(getSelection()).trim().slice(0, 2000);
  if (!link || !words) return;
  const address = new URL(link.href);
  address.searchParams.set(link.dataset.selected, words);
  link.href = address;
});

// -- forms: known names for what is typed -------------------------------------------------------------------------------

let asking;

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.dataset.suggest || field.value.trim().length < 2) return;
  clearTimeout(asking);
  asking = setTimeout(async () => {
    const asked = new URLSearchParams({ field: field.dataset.suggest, q: field.value });
    const answer = await fetch(`/review/suggest?${asked}`);
    if (!answer.ok || !field.list) return;
    field.list.replaceChildren(...(await answer.json()).map((name) => new Option(name, name)));
  }, 120);
});

// -- reading: j and k go from statement to statement of an article, or from entry to entry of a list ------------------

const STOPS = ".text mark[id], .text span[id][tabindex], .item h3 a, .story h2 a, .story h3 a";
let lastStop = null;

const recordOf = (element) =>
  element.closest(".note") ?? (element.matches(".text [id]") ? document.getElementById(`r-${element.id}`) : null);

function goTo(step) {
  const stops = [...document.querySelectorAll(STOPS)];
  const note = document.activeElement.closest(".note");
  const from = note ? document.getElementById(note.id.slice(2)) : document.activeElement;
  let at = stops.indexOf(stops.includes(from) ? from : lastStop ?? document.querySelector(".text :target"));
  if (at < 0) at = step > 0 ? -1 : stops.length;
  lastStop = stops[Math.min(Math.max(at + step, 0), stops.length - 1)];
  lastStop?.focus({ preventScroll: true });
  lastStop?.scrollIntoView({ block: "center" });
}

document.addEventListener("keydown", (event) => {
  const at = document.activeElement;
  if (event.ctrlKey || event.metaKey || event.altKey || at.closest(TYPING)) return;
  const record = recordOf(at);
  if ((event.key === "j" || event.key === "k") && document.querySelector(STOPS)) goTo(event.key === "j" ? 1 : -1);
  else if (event.key === "r" && record?.querySelector(".note-review")) record.querySelector(".note-review").click();
  else if (event.key === "Enter" && record && at.matches("mark, .note"))
    (record.querySelector(".note-title a, a.who") ?? record.querySelector(".note-n")).focus();
  else return;
  event.preventDefault();
});
