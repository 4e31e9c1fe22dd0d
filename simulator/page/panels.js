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
    const last = [...chat.messages.values()].pop();
    const name = id < 0 ? chat.title : phone.person.bot_name;
    const unread = phone.unread.get(id);
    return element("li", {}, element("button", { type: "button", onclick: () => phone.enter(id) },
      element("span", { class: "avatar", "aria-hidden": "true" }, initial(name)),
      element("span", { class: "line" }, element("b", {}, name), element("small", {}, last ? summary(last) : "Belum ada pesan")),
      element("span", { class: "side" }, element("small", {}, last ? timeOf(last) : ""), unread ? element("b", { class: "badge" }, String(unread)) : null)));
  });
}

export function menuItems(phone) {
  const entries = phone.isGroup ? groupEntries(phone) : privateEntries(phone);
  return items(phone, entries.filter(Boolean));
}

function groupEntries(phone) {
  const { bot_status: status, type } = phone.chat;
  const manage = (what) => () => phone.act("manage", { what });
  return [
    ["member", "administrator"].includes(status) ? ["Keluarkan bot", manage("remove")] : ["Tambahkan bot", manage("add")],
    status === "member" ? ["Jadikan bot admin", manage("promote")] : null,
    status === "administrator" ? ["Cabut admin bot", manage("demote")] : null,
    type === "group" ? ["Naikkan jadi supergrup", manage("migrate")] : null,
  ];
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
