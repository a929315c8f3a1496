/**
 * What a page cannot do without a script: suggestions while somebody types, the `/` key, and copying. Each only adds to
 * a page that works without. What comes from a sheet or from the server is set as text, never as markup.
 */

/** Nothing is suggested for fewer, as in indexer/search/suggest.py. */
const LEAST_LETTERS = 2;
const MOST_SUGGESTIONS = 8;
/** Fast typists are asked after once a word, not once a letter: 150 to 200 ms is usual. */
const TYPING_PAUSE_MS = 150;
/** A screen reader says the typed letters first. accessible-autocomplete waits for 1,400 ms; this is quicker to answer. */
const QUIET_MS = 800;
const COPIED_MS = 2000;

/** @typedef {{kind: "subject" | "answer", text: string, url: string, subject: string | null}} Suggestion */

/** Return a new element with attributes; strings among its children become text. */
function make(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const status = make("p", { role: "status", class: "visually-hidden" });
let speaking = 0;

/** Have a screen reader say a text after a pause. It is emptied first: the same words are not said twice otherwise. */
function say(text, pauseMs = 100) {
  clearTimeout(speaking);
  status.textContent = "";
  if (text) speaking = setTimeout(() => (status.textContent = text), pauseMs);
}

/** Make the box of a search form a combobox (ARIA 1.2). The focus stays in it, and nothing is chosen beforehand. */
function offerSuggestions(form) {
  const input = form.elements.q;
  // Options are direct children of the list and say their kind: VoiceOver skips options in a role=group.
  const list = make("div", { role: "listbox", id: "suggestions", class: "suggestions", "aria-label": "Suggestions" });
  const replies = new Map(); // for those who delete letters and type them again
  let active = -1; // the place of the option that fills the box, or -1 for the text that was typed
  let typed = "";
  let pausing = 0;
  let asking = new AbortController();

  /** Return an option. A link, so that it opens in a new tab as well and the browser says where it leads. */
  function option(/** @type {Suggestion} */ { kind, text, url, subject }, place) {
    const note = kind === "answer" ? "answer" : subject ? `another name for ${subject}` : form.dataset.subjectWord;
    return make(
      "a",
      { role: "option", id: `suggestion-${place}`, class: "suggestion", "data-kind": kind, href: url, tabindex: "-1" },
      make("span", { class: "suggestion-text" }, text),
      " ", // or the two would be read as one word
      make("span", { class: "suggestion-note" }, note),
    );
  }

  const textOf = (place) => list.children[place]?.firstElementChild.textContent;

  function activate(place) {
    list.children[active]?.removeAttribute("aria-selected");
    active = place;
    input.removeAttribute("aria-activedescendant");
    if (active < 0) return;
    input.setAttribute("aria-activedescendant", list.children[active].id);
    list.children[active].setAttribute("aria-selected", "true");
    list.children[active].scrollIntoView({ block: "nearest" });
  }

  /** Take back what was asked: its reply is too late for a text that is no longer there. */
  function cancel() {
    clearTimeout(pausing);
    asking.abort();
    say("");
  }

  function show(/** @type {Suggestion[]} */ suggestions) {
    cancel();
    activate(-1);
    list.replaceChildren(...suggestions.map(option));
    list.hidden = !suggestions.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  const close = () => show([]);

  function restore() {
    if (active >= 0) input.value = typed;
    close();
  }

  async function request(text, signal) {
    const response = await fetch(`${form.dataset.suggest}?${new URLSearchParams({ q: text })}`, { signal });
    const { suggestions } = await response.json();
    const here = suggestions.filter((one) => new URL(one.url, location.href).origin === location.origin);
    replies.set(text, here.slice(0, MOST_SUGGESTIONS));
  }

  async function suggest() {
    cancel();
    const text = input.value;
    if (text.trim().length < LEAST_LETTERS) return close();
    const { signal } = (asking = new AbortController());
    try {
      if (!replies.has(text)) await request(text, signal);
    } catch {
      // Suggestions are optional: a failure needs no message.
    }
    if (signal.aborted) return;
    const found = replies.get(text);
    show(found ?? []);
    if (!found) return;
    const number = `${found.length} ${found.length === 1 ? "suggestion" : "suggestions"}`;
    say(found.length ? `${number}, use the up and down arrows` : "No suggestions", QUIET_MS);
  }

  /** Fill the box with the next or the previous suggestion; between the last and the first is what was typed. */
  function move(step) {
    if (list.hidden) {
      suggest();
      return true;
    }
    cancel();
    if (active < 0) typed = input.value;
    const places = list.children.length + 1;
    activate(((active + 1 + step + places) % places) - 1);
    input.value = active < 0 ? typed : textOf(active);
    return true;
  }

  /** What keys do that do more here than in a field of text; each says whether it did something. */
  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter() {
      if (active < 0 || input.value !== textOf(active)) return false;
      list.children[active].click();
      return true;
    },
    Escape() {
      if (!list.hidden) restore();
      else if (input.value) {
        input.value = "";
        close();
      } else return false;
      return true;
    },
    // Who moves inside the text means to change it: from here on it counts as typed.
    ArrowLeft: () => activate(-1),
    ArrowRight: () => activate(-1),
    Home: () => activate(-1),
    End: () => activate(-1),
  };

  input.addEventListener("keydown", (event) => {
    // Keys belong to an input method while it composes. Safari tells of its last one by the code only.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (keys[event.key]?.()) event.preventDefault();
  });
  // Also while an input method composes: for most keyboards of Android that is every word.
  input.addEventListener("input", () => {
    cancel();
    activate(-1);
    pausing = setTimeout(suggest, TYPING_PAUSE_MS);
  });
  // A question that is longer than the box is no longer the beginning of a name.
  input.addEventListener("input", (event) => {
    if (event.isComposing || input.scrollWidth <= input.clientWidth + 1) return;
    close();
    list.remove();
    searchOnEnter(growing(input));
  });
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  // Who comes back finds what was typed, not a choice of which this page knows nothing.
  addEventListener("pagehide", restore);
  // The focus stays in the box while an option is clicked; the list would be gone before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  close();
  input.after(list);
}

/** Return a box that grows with a long question: a text area takes the place of the field. Enter still searches. */
function growing(input) {
  const area = make("textarea", { id: input.id, name: input.name, rows: "2", autocomplete: "off", spellcheck: "false" });
  const caret = input.selectionStart;
  area.value = input.value;
  input.replaceWith(area);
  area.focus();
  area.setSelectionRange(caret, caret);
  return area;
}

/** Have Enter search in a text area, and Shift and Enter begin a line. */
function searchOnEnter(area) {
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    area.form.requestSubmit();
  });
}

/** Have `/` lead to a search box, until somebody switches that off: speech can press a single key (WCAG 2.1.4). */
function offerShortcut(form, place) {
  const box = make("input", { type: "checkbox", autocomplete: "off", checked: "" });

  function apply() {
    if (box.checked) form.elements.q.setAttribute("aria-keyshortcuts", "/");
    else form.elements.q.removeAttribute("aria-keyshortcuts");
  }

  function recall() {
    try {
      box.checked = localStorage.getItem("slash-key") !== "off";
    } catch {
      // Where storage is denied, the choice lasts as long as this page.
    }
    apply();
  }

  box.addEventListener("change", () => {
    apply();
    try {
      localStorage.setItem("slash-key", box.checked ? "on" : "off");
    } catch {
      // As above.
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !box.checked) return;
    if (event.target.isContentEditable || event.target.matches("input:not([type=checkbox]), select, textarea")) return;
    event.preventDefault();
    form.elements.q.focus();
    form.elements.q.select();
  });
  addEventListener("pageshow", recall); // also when the browser brings back a page from before it was switched off
  place.append(make("label", {}, box, " Press / to go to the search box"));
  place.hidden = false;
}

/** Copy a text; where a page may not (`http:` on an intranet), show it selected in a field, for the reader to copy. */
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No such interface without TLS, or the reader does not allow it.
  }
  const field = make("textarea", { class: "copy-text", readonly: "", "aria-label": "Text to copy" }, text);
  button.after(field);
  field.select();
  if (document.execCommand("copy")) {
    field.remove();
    button.focus();
    return true;
  }
  field.addEventListener("blur", () => field.remove());
  return false;
}

/** Show a button that copies, and have it say what became of that. */
function offerCopy(button) {
  const label = button.textContent;
  const byHand = navigator.platform.startsWith("Mac") ? "Press ⌘C" : "Press Ctrl+C";
  let showing = 0;
  button.addEventListener("click", async () => {
    clearTimeout(showing);
    button.textContent = (await copy(button.dataset.copy, button)) ? "Copied" : byHand;
    say(button.textContent);
    showing = setTimeout(() => {
      button.textContent = label;
      say("");
    }, COPIED_MS);
  });
  button.hidden = false;
}

document.body.append(status);
const form = document.querySelector("form[data-suggest]");
const shortcut = document.querySelector(".shortcut");
if (form?.elements.q.matches("textarea")) searchOnEnter(form.elements.q);
else if (form) offerSuggestions(form);
if (form && shortcut) offerShortcut(form, shortcut);
document.querySelectorAll("button[data-copy]").forEach(offerCopy);
