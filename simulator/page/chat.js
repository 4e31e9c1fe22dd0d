// The chat: takes the server's events, and sends what the person does.

import { dayOf, drawn, element } from "./render.js";

const $ = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
const state = { me: 0, bot: {}, messages: new Map(), reactions: {}, commands: [], busy: new Map(), answered: new Set(), clockAhead: 0 };
let startPayload = asked.get("start");
let typingEnds = 0;
let toastEnds = 0;

const deeds = {
  write: (text) => act("write", { text }),
  tap: tapped,
  copy: copied,
  explain: () => toast("Tombol ini tidak jalan di Telegram tiruan."),
  show: (id) => $(`m${id}`)?.scrollIntoView({ block: "center", behavior: "smooth" }),
};

// What the server tells.

function listen() {
  const who = new URLSearchParams({ person: asked.get("person") ?? "101" });
  if (asked.get("name")) who.set("name", asked.get("name"));
  const source = new EventSource(`/page/events?${who}`);
  source.onopen = () => { $("notice").hidden = true; };
  source.onerror = () => {
    $("notice").hidden = false;
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 1500); // refused outright: the browser gives up, we do not
  };
  source.onmessage = (message) => {
    const event = JSON.parse(message.data);
    listeners[event.event]?.(event);
  };
}

const listeners = {
  snapshot(all) {
    Object.assign(state, { me: all.person.id, bot: all.bot, reactions: all.reactions, commands: all.commands });
    state.messages = new Map(all.messages.map((message) => [message.message_id, message]));
    state.clockAhead = all.now * 1000 - Date.now();
    state.busy.clear();
    introduce(all);
    redraw();
    showKeyboard(all.keyboard);
    showBottom();
    if (startPayload !== null) sendStart(startPayload);
  },
  message({ message }) {
    const isNew = !state.messages.has(message.message_id);
    state.messages.set(message.message_id, message);
    if (isNew) append(message);
    else replace(message);
    if (message.from.id !== state.me) settleStatus();
    showBottom();
  },
  deleted({ message_id: id }) {
    state.messages.delete(id);
    redraw();
    showBottom();
  },
  reactions({ message_id: id, reactions }) {
    state.reactions[id] = reactions;
    if (state.messages.has(id)) replace(state.messages.get(id));
  },
  action({ action }) {
    $("status").textContent = action === "typing" ? "mengetik…" : "mengirim berkas…";
    clearTimeout(typingEnds);
    typingEnds = setTimeout(settleStatus, 5000);
  },
  answer({ query_id: id, text, show_alert: isAlert }) {
    state.answered.add(id);
    state.busy.get(id)?.removeAttribute("aria-busy");
    state.busy.delete(id);
    if (!text) return;
    if (isAlert) showAlert(text);
    else toast(text);
  },
  commands({ commands }) {
    state.commands = commands;
    showBottom();
  },
  keyboard({ keyboard }) { showKeyboard(keyboard); },
};

// What is drawn.

function introduce({ bot, person, description, people }) {
  document.title = `${bot.first_name} · Telegram tiruan`;
  $("bot-name").textContent = bot.first_name;
  $("avatar").textContent = initial(bot.first_name);
  $("as").textContent = `tiruan · sebagai ${person.first_name}`;
  $("description").textContent = description || "Tekan Mulai untuk menyapa bot.";
  settleStatus();
  $("people").replaceChildren(...people.map((other) => element("li", {},
    element("a", { href: `/?person=${other.id}`, "aria-current": other.id === person.id ? "true" : null },
      element("span", { class: "avatar", "aria-hidden": "true" }, initial(other.first_name)), other.first_name))));
}

function initial(name) {
  return [...name][0]?.toUpperCase() ?? "?";
}

function settleStatus() {
  clearTimeout(typingEnds);
  $("status").textContent = "bot";
}

function context() {
  return { me: state.me, reactions: state.reactions, deeds };
}

function redraw() {
  const isAtEnd = atEnd();
  $("log").replaceChildren();
  for (const message of state.messages.values()) add(message);
  if (isAtEnd) toEnd();
}

function append(message) {
  const follows = atEnd() || message.from.id === state.me;
  add(message).classList.add("fresh");
  if (follows) toEnd();
  else $("to-end").hidden = false;
}

function add(message) {
  const log = $("log");
  const previous = log.lastElementChild;
  const day = dayOf(message.date, Date.now() + state.clockAhead);
  if (log.dataset.day !== day || !previous) log.append(element("li", { class: "day" }, element("span", {}, day)));
  log.dataset.day = day;
  const item = drawn(message, context());
  const isTurn = previous && previous.classList.contains("own") !== item.classList.contains("own");
  if (isTurn) item.classList.add("turn");
  log.append(item);
  return item;
}

function replace(message) {
  const old = $(`m${message.message_id}`);
  if (!old) return;
  const isAtEnd = atEnd();
  const focused = [...old.querySelectorAll("button, a")].indexOf(document.activeElement);
  const item = drawn(message, context());
  item.classList.toggle("turn", old.classList.contains("turn"));
  old.replaceWith(item);
  if (focused >= 0) (item.querySelectorAll("button, a")[focused] ?? $("text")).focus({ preventScroll: true });
  if (isAtEnd) toEnd();
}

function atEnd() {
  const scroll = $("scroll");
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
}

function toEnd() {
  const scroll = $("scroll");
  scroll.scrollTop = scroll.scrollHeight;
  $("to-end").hidden = true;
}

function showBottom() {
  const isEmpty = state.messages.size === 0;
  $("intro").hidden = !isEmpty;
  $("start").hidden = !isEmpty;
  $("composer").hidden = isEmpty;
  $("slash").hidden = state.commands.length === 0;
  if (isEmpty) closeCommands();
}

function showKeyboard(keyboard) {
  const rows = keyboard?.keyboard ?? [];
  $("keyboard").hidden = rows.length === 0;
  $("text").placeholder = keyboard?.input_field_placeholder ?? "Tulis pesan";
  $("keyboard").replaceChildren(...rows.map((row) => element("div", { class: "line" }, ...row.map((given) => {
    const button = typeof given === "string" ? { text: given } : given;
    return element("button", { type: "button", onclick: () => pressKey(button, keyboard) }, button.text);
  }))));
}

function pressKey(button, keyboard) {
  if (button.request_contact) act("share", { what: "contact" });
  else if (button.request_location) act("share", { what: "location" });
  else act("write", { text: button.text });
  if (keyboard.one_time_keyboard) showKeyboard(null);
}

function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toastEnds);
  toastEnds = setTimeout(() => { $("toast").hidden = true; }, 2500 + 40 * text.length);
}

function showAlert(text) {
  $("alert-name").textContent = state.bot.first_name;
  $("alert-text").textContent = text;
  if (!$("alert").open) $("alert").showModal();
}

// What the person does.

async function act(what, body) {
  try {
    const response = await fetch(`/page/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ person: state.me, ...body }),
    });
    if (response.ok) return await response.json();
  } catch { /* the server is away; said below, like any other reason */ }
  toast("Belum terkirim. Coba lagi sebentar.");
  return null;
}

function sendStart(payload) {
  startPayload = null;
  asked.delete("start"); // so that loading the page again does not start again
  history.replaceState(null, "", asked.size ? `?${asked}` : location.pathname);
  act("write", { text: `/start ${payload}`.trim() });
}

async function tapped(messageId, data, button) {
  button.setAttribute("aria-busy", "true");
  const answer = await act("tap", { message_id: messageId, data });
  const isOver = !answer || state.answered.has(answer.query_id); // the bot can be quicker than this answer
  if (!isOver) state.busy.set(answer.query_id, button);
  setTimeout(() => button.removeAttribute("aria-busy"), isOver ? 0 : 15000);
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Sudah disalin.");
  } catch {
    toast(`Salin sendiri: ${text}`);
  }
}

async function send() {
  const text = $("text").value.trim();
  if (!text) return;
  $("send").disabled = true;
  const isSent = await act("write", { text });
  if (isSent && $("text").value.trim() === text) $("text").value = "";
  fit();
}

function fit() {
  const text = $("text");
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 2}px`;
  $("send").disabled = !text.value.trim();
}

function openCommands(typed = "") {
  const fitting = state.commands.filter(({ command }) => `/${command}`.startsWith(typed));
  $("commands").replaceChildren(...fitting.map(({ command, description }) =>
    element("button", { type: "button", onclick: () => choose(command) }, element("b", {}, `/${command}`), element("span", {}, description))));
  $("commands").hidden = fitting.length === 0;
  $("slash").setAttribute("aria-expanded", String(fitting.length > 0));
}

function closeCommands() {
  $("commands").hidden = true;
  $("slash").setAttribute("aria-expanded", "false");
}

function choose(command) {
  closeCommands();
  $("text").value = "";
  fit();
  act("write", { text: `/${command}` });
  $("text").focus();
}

$("composer").addEventListener("submit", (event) => { event.preventDefault(); closeCommands(); send(); });
$("text").addEventListener("input", () => {
  fit();
  if (/^\/\w*$/.test($("text").value)) openCommands($("text").value);
  else closeCommands();
});
$("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  closeCommands();
  send();
});
$("slash").addEventListener("click", () => {
  if ($("commands").hidden) { openCommands(); $("commands").querySelector("button")?.focus(); } else closeCommands();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || $("commands").hidden) return;
  closeCommands();
  $("slash").focus();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("#commands, #slash, #text")) closeCommands();
});
$("start").addEventListener("click", async () => { await act("write", { text: "/start" }); $("text").focus(); });
$("to-end").addEventListener("click", toEnd);
$("scroll").addEventListener("scroll", () => { if (atEnd()) $("to-end").hidden = true; });
$("newcomer").addEventListener("submit", (event) => {
  event.preventDefault();
  const id = 200 + Math.floor(Math.random() * 1e6);
  location.search = new URLSearchParams({ person: id, name: $("newcomer-name").value });
});

listen();
