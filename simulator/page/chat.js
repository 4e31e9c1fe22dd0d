// The page: takes the server's events, shares them out among the phones, and has the rehearsal drawer.

import { initial } from "./panels.js";
import { Phone } from "./phone.js";
import { element } from "./render.js";

const $ = (id) => document.getElementById(id);
const isWide = matchMedia("(min-width: 760px)");
const asked = new URLSearchParams(location.search);
const phones = new Map(); // by person, in the order they stand
let startPayload = asked.get("start");
let source = null;
let current = 0; // the phone that a narrow screen shows

const world = {
  bot: {}, chats: new Map(), clockAhead: 0, post, upload,
  alert(title, text) {
    $("alert-name").textContent = title;
    $("alert-text").textContent = text;
    if (!$("alert").open) $("alert").showModal();
  },
  changed: () => showTabs(),
  others: (id) => [...phones.values()].map((phone) => phone.person.user).filter((user) => user.id !== id),
};

// What the server tells.

function listen() {
  source?.close();
  const who = new URLSearchParams([...asked].filter(([name]) => ["people", "person", "name"].includes(name)));
  source = new EventSource(`/page/events?${who}`);
  source.onopen = () => { $("notice").hidden = true; };
  source.onerror = () => {
    $("notice").hidden = false;
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 1500); // refused outright: the browser gives up, we do not
  };
  source.onmessage = (message) => {
    const event = JSON.parse(message.data);
    if (event.event === "snapshot") takeAll(event);
    else if (world.chats.has(event.chat)) chatListeners[event.event]?.(world.chats.get(event.chat), event);
    else phones.get(event.person)?.[event.event]?.(event);
  };
}

function takeAll(all) {
  world.clockAhead = all.now * 1000 - Date.now();
  world.bot = all.bot;
  const old = world.chats;
  world.chats = new Map(all.chats.map((chat) => [chat.id, { ...chat, messages: new Map(chat.messages.map((message) => [message.message_id, message])), read: new Set(chat.read) }]));
  for (const chat of [...world.chats.values()]) { // a group that became another leads there
    const from = [...chat.messages.values()].find((message) => message.migrate_from_chat_id)?.migrate_from_chat_id;
    if (old.has(from) && !world.chats.has(from)) world.chats.set(from, { ...old.get(from), migratedTo: chat.id });
  }
  const ids = all.people.map((person) => person.user.id);
  for (const [id, phone] of phones) if (!ids.includes(id)) { phone.node.remove(); phones.delete(id); }
  for (const person of all.people) {
    if (phones.has(person.user.id)) phones.get(person.user.id).show(person);
    else place(person);
  }
  if (!phones.has(current)) current = ids[0];
  showTabs();
  showDrawer(all);
  document.title = `${all.people[0].bot_name} · Telegram tiruan`;
  if (startPayload !== null) sendStart();
}

function place(person) {
  const phone = new Phone(person, world);
  phones.set(person.user.id, phone);
  $("phones").append(phone.node);
  phone.redrawAll(); // sizes are known only now
  phone.toEnd();
}

const chatListeners = {
  message(chat, { message, author }) {
    const isNew = !chat.messages.has(message.message_id);
    chat.messages.set(message.message_id, message);
    if (author) chat.authors[message.message_id] = author;
    each((phone) => { if (phone.commands.has(chat.id)) phone.message(chat.id, message, isNew); });
  },
  deleted(chat, { message_id: id }) {
    chat.messages.delete(id);
    each((phone) => phone.deleted(chat.id));
  },
  read(chat, { message_id: id }) {
    chat.read.add(id);
    each((phone) => phone.redrawOne(chat.id, id));
  },
  reactions(chat, { message_id: id, reactions }) {
    chat.reactions[id] = reactions;
    each((phone) => phone.redrawOne(chat.id, id));
  },
  topics(chat, { topics }) {
    chat.topics = topics;
    each((phone) => { if (phone.open === chat.id) phone.redrawAll(); });
  },
  action(chat, { action }) { each((phone) => phone.action(chat.id, action)); },
  keyboard(chat, { keyboard }) {
    chat.keyboard = keyboard;
    each((phone) => { phone.tucked.delete(chat.id); if (phone.open === chat.id) phone.showKeyboard(); });
  },
  pinned(chat, { pinned }) {
    chat.pinned = pinned;
    each((phone) => { if (phone.open === chat.id) phone.showPin(); });
  },
  chat(chat, { chat: info }) {
    Object.assign(chat, info.title ? info : {});
    each((phone) => phone.redrawAll());
  },
};

function each(action) {
  for (const phone of phones.values()) action(phone);
}

// Which phones are seen.

function showTabs() {
  $("phones").style.setProperty("--count", phones.size);
  document.body.classList.toggle("several", phones.size > 1);
  $("people").replaceChildren(...[...phones].map(([id, phone]) => {
    const unread = [...phone.unread.values()].reduce((sum, count) => sum + count, 0);
    const isCurrent = id === current;
    phone.node.classList.toggle("current", isCurrent);
    const name = phone.person.user.first_name;
    return element("button", { type: "button", "aria-current": isCurrent ? "true" : null, onclick: () => goTo(id) },
      element("span", { class: "avatar", "aria-hidden": "true" }, initial(name)), name,
      (!isCurrent || isWide.matches) && unread ? element("b", { class: "badge" }, String(unread)) : null);
  }));
}

function goTo(id) {
  current = id;
  const phone = phones.get(id);
  showTabs();
  phone.toEnd();
  phone.node.scrollIntoView({ inline: "center", block: "nearest" });
  $("people").querySelector("[aria-current]")?.focus();
}

function showPeople(ids) {
  asked.set("people", ids.join(","));
  asked.delete("person");
  asked.delete("name");
  rename();
  listen();
}

function rename() {
  history.replaceState(null, "", asked.size ? `?${asked.toString().replaceAll("%2C", ",")}` : location.pathname);
}

function sendStart() {
  const payload = startPayload;
  startPayload = null;
  asked.delete("start"); // so that loading the page again does not start again
  rename();
  phones.get(current).start(payload);
}

// The drawer.

function showDrawer({ everyone, latency, failures }) {
  $("everyone").replaceChildren(...everyone.map((user) => element("li", {}, element("label", {},
    input(phones.has(user.id), () => toggle(user.id)), element("span", { class: "avatar", "aria-hidden": "true" }, initial(user.first_name)), user.first_name))));
  const troubles = [latency && `jawaban lambat ${latency} detik`, failures && `${failures} panggilan berikut ditolak (429)`].filter(Boolean);
  $("trouble").textContent = troubles.length ? `Sekarang: ${troubles.join("; ")}.` : "Sekarang: tidak ada.";
}

function input(isChecked, onchange) {
  const made = element("input", { type: "checkbox", checked: isChecked });
  made.addEventListener("change", onchange);
  return made;
}

function toggle(id) {
  const ids = [...phones.keys()];
  const left = ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id];
  if (left.length) showPeople(left);
  else listen();
}

async function post(what, body) {
  try {
    const response = await fetch(`/page/${what}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    if (response.ok) return await response.json();
  } catch { /* the server is away; who asked says so, like any other reason */ }
  return null;
}

async function upload(where, file) {
  try {
    return (await fetch(`/page/upload?${where}`, { method: "POST", headers: { "Content-Type": file.type || "application/octet-stream" }, body: file })).ok;
  } catch {
    return false;
  }
}

$("open-drawer").addEventListener("click", () => $("drawer").showModal());
$("close-drawer").addEventListener("click", () => $("drawer").close());
$("drawer").addEventListener("click", (event) => { if (event.target === $("drawer")) $("drawer").close(); });
$("newcomer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const id = 1000 + Math.floor(Math.random() * 1e6);
  const name = $("newcomer-name").value.trim();
  if (!name || !await post("join", { person: id, name })) return;
  $("newcomer-name").value = "";
  current = id;
  showPeople([...phones.keys(), id]);
  $("drawer").close();
});
$("new-group").addEventListener("submit", async (event) => {
  event.preventDefault();
  const title = $("group-title").value.trim();
  const [person, ...members] = [current, ...[...phones.keys()].filter((id) => id !== current)];
  const made = title && await post("group", { person, title, members, is_forum: $("group-forum").checked, is_channel: $("group-channel").checked });
  if (!made) return;
  $("group-title").value = "";
  $("drawer").close();
  const enterAll = () => { if (world.chats.has(made.chat)) each((phone) => phone.enter(made.chat)); else setTimeout(enterAll, 50); };
  enterAll();
});
for (const button of document.querySelectorAll(".troubles button")) {
  button.addEventListener("click", () => {
    const { what, seconds, times } = button.dataset;
    post("trouble", { person: current, what, seconds: Number(seconds ?? 0), times: Number(times ?? 1) });
  });
}
isWide.addEventListener("change", showTabs);

listen();
