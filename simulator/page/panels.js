// What stands in the lists and menus of a phone.

import { element, summary, timeOf } from "./render.js";

const SIGNS = "😀 😁 😂 😊 😍 🤔 😅 😢 😡 🙏 👍 👎 👏 🙌 💪 ❤️ 🔥 ✨ 🎉 ✅ ❌ ⭐ 💡 📌 📅 ⏰ 📍 📷 📦 🛒 💰 🧾 🐟 🍲 👗 🧵 🌾 ☕ 🏪 🚚".split(" ");

export function emoji(panel, choose) {
  if (panel.childElementCount) return;
  panel.append(...SIGNS.map((sign) => element("button", { type: "button", onclick: () => choose(sign) }, sign)));
}

export function panelItem(title, detail, choose) {
  return element("button", { type: "button", onclick: choose }, element("b", {}, title), detail ? element("span", {}, detail) : null);
}

// The phone's chats, each with its last message and how much of it is new.
export function chatItems(phone) {
  return phone.person.chats.map(({ id }) => {
    const chat = phone.world.chats.get(id);
    const name = id < 0 ? chat.title : phone.person.bot_name;
    return placeItem(phone, name, initial(name), [...chat.messages.values()], phone.unreadIn(id), () => phone.enter(id));
  });
}

// A forum's topics likewise: General first, then those last written in.
export function topicItems(phone) {
  const { chat } = phone;
  const within = (thread) => [...chat.messages.values()].filter((message) => (message.message_thread_id ?? 0) === thread);
  const topics = chat.topics.map((topic) => ({ ...topic, messages: within(topic.thread) }));
  topics.sort((a, b) => b.messages.at(-1).message_id - a.messages.at(-1).message_id);
  return [{ thread: 0, name: "Umum", messages: within(0) }, ...topics].map(({ thread, name, is_closed: isClosed, messages }) =>
    placeItem(phone, name, isClosed ? "🔒" : "#", messages, phone.unreadIn(chat.id, thread), () => phone.enter(chat.id, thread), isClosed ? " (ditutup)" : ""));
}

function placeItem(phone, name, sign, messages, unread, enter, note = "") {
  const last = messages.at(-1);
  return element("li", {}, element("button", { type: "button", onclick: enter },
    element("span", { class: "avatar", "aria-hidden": "true" }, sign),
    element("span", { class: "line" }, element("b", {}, name, note ? element("span", { class: "unseen" }, note) : null), element("small", {}, last ? summary(last) : "Belum ada pesan")),
    element("span", { class: "side" }, element("small", {}, last ? timeOf(last) : ""), unread ? element("b", { class: "badge" }, String(unread)) : null)));
}

export function menuItems(phone) {
  const entries = phone.isGroup ? [...topicEntries(phone), ...groupEntries(phone), ...memberEntries(phone)] : privateEntries(phone);
  return items(phone, entries.filter(Boolean));
}

function topicEntries(phone) {
  const { topic } = phone;
  if (!topic) return [];
  const act = (what) => () => phone.act("topic", { what });
  return [
    phone.isMaster(topic) ? (topic.is_closed ? ["Buka lagi topik", act("reopen")] : ["Tutup topik", act("close")]) : null,
    topic.maker === phone.me || phone.may("can_delete_messages") ? ["Hapus topik", act("delete")] : null,
  ];
}

function groupEntries(phone) {
  const { bot_status: status, type, is_forum: isForum } = phone.chat;
  const manage = (what) => () => phone.act("manage", { what });
  if (type === "channel") return phone.isAdmin ? [status === "administrator" ? ["Keluarkan bot", manage("remove")] : ["Jadikan bot admin", manage("add")]] : [];
  return [
    ["member", "administrator"].includes(status) ? ["Keluarkan bot", manage("remove")] : ["Tambahkan bot", manage("add")],
    status === "member" ? ["Jadikan bot admin", manage("promote")] : null,
    status === "administrator" ? ["Cabut admin bot", manage("demote")] : null,
    type === "group" ? ["Naikkan jadi supergrup", manage("migrate")] : [isForum ? "Matikan topik" : "Nyalakan topik", manage("topics")],
    !phone.isAdmin ? null : phone.standing.is_anonymous ? ["Menulis atas nama sendiri", manage("show")] : ["Menulis atas nama grup", manage("hide")],
  ];
}

// Of those on this page who are not in the group, or are no administrators yet.
function memberEntries(phone) {
  const { members } = phone.chat;
  const act = (what, whom) => () => phone.act("manage", { what, whom });
  return phone.world.others(phone.me).flatMap(({ id, first_name: name }) => [
    members[id] ? null : [`Tambahkan ${name}`, act("add_person", id)],
    phone.may("can_promote_members") && members[id] === "member" ? [`Jadikan ${name} admin`, act("promote_person", id)] : null,
    phone.may("can_promote_members") && members[id] === "administrator" ? [`Cabut admin ${name}`, act("demote_person", id)] : null,
    phone.isAdmin && members[id] && members[id] !== "creator" ? [`Keluarkan ${name}`, act("remove_person", id)] : null,
  ]);
}

function privateEntries(phone) {
  const languages = { id: "Indonesia", jv: "Jawa", en: "Inggris" };
  const others = Object.keys(languages).filter((code) => code !== phone.person.user.language_code);
  return [
    phone.person.has_blocked ? ["Buka blokir bot", () => phone.block(false)] : ["Blokir bot", () => phone.block(true)],
    ...others.map((code) => [`Bahasa aplikasi: ${languages[code]}`, () => phone.act("language", { language: code })]),
  ];
}

export function attachItems(phone) {
  const own = [["📍 Lokasi saya", () => phone.act("share", { what: "location" })], ["👤 Kontak saya", () => phone.act("share", { what: "contact" })]];
  return items(phone, [
    ["🖼️ Foto atau berkas", () => phone.$(".picker").click()],
    ...(phone.isGroup ? [["📍 Tempat", () => phone.act("send", { kind: "venue" })]] : own),
    ["👤 Kontak orang lain", () => phone.act("send", { kind: "contact" })],
    ["👍 Stiker", () => phone.act("send", { kind: "sticker" })],
    ["🎤 Pesan suara", () => phone.act("send", { kind: "voice" })],
  ]);
}

function items(phone, entries) {
  return entries.map(([label, action]) => element("button", { type: "button", onclick: () => { phone.shut(); action(); } }, label));
}

export function initial(name) {
  return [...name][0]?.toUpperCase() ?? "?";
}
