// Draws messages. Everything a bot wrote becomes text nodes: nothing of it is ever read as HTML.

const LINK_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:", "tg:"]);
const ZONE = "Asia/Jakarta";
const clock = new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit", timeZone: ZONE });
const calendar = new Intl.DateTimeFormat("id-ID", { day: "numeric", month: "long", year: "numeric", timeZone: ZONE });
const REACTIONS = ["👍", "❤", "🎉", "🙏", "👌", "👀"];
const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") made.addEventListener("click", value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== undefined && value !== null && value !== false) made.setAttribute(key, String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function safeLink(address) {
  try {
    const url = new URL(address.includes(":") ? address : `http://${address}`);
    return LINK_SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export function dayOf(seconds, now) {
  const day = calendar.format(new Date(seconds * 1000));
  if (day === calendar.format(new Date(now))) return "Hari ini";
  if (day === calendar.format(new Date(now - 86400000))) return "Kemarin";
  return day;
}

// A text with its entities, whose offsets are in UTF-16 units, as JavaScript counts too.
export function formatted(text, entities, deeds) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return within(text, sorted, 0, text.length, deeds);
}

function within(text, entities, start, end, deeds) {
  const parts = [];
  let place = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const last = Math.min(entity.offset + entity.length, end);
    const inner = [];
    index += 1;
    while (index < entities.length && entities[index].offset < last) inner.push(entities[index++]);
    if (entity.offset < place) continue; // it crosses another one: shown without its mark
    const isBlock = BLOCKS.has(entity.type);
    const before = text.slice(place, entity.offset);
    if (before) parts.push(isBlock ? before.replace(/\n$/, "") : before);
    parts.push(marked(entity, text.slice(entity.offset, last), within(text, inner, entity.offset, last, deeds), deeds));
    place = isBlock && text[last] === "\n" ? last + 1 : last; // a block breaks the line by itself
  }
  if (place < end) parts.push(text.slice(place, end));
  return parts;
}

function marked(entity, plain, children, deeds) {
  if (TAGS[entity.type]) return element(TAGS[entity.type], {}, ...children);
  switch (entity.type) {
    case "text_link":
    case "url":
    case "email":
    case "phone_number":
      return link(entity, plain, children, deeds);
    case "bot_command":
      return element("button", { type: "button", class: "command", onclick: () => deeds.write(plain) }, ...children);
    case "spoiler":
      return element("button", { type: "button", class: "spoiler", "aria-label": "Teks tersembunyi, ketuk untuk melihat",
        onclick: (event) => { event.currentTarget.classList.add("shown"); event.currentTarget.removeAttribute("aria-label"); } },
        ...children);
    case "expandable_blockquote":
      return element("details", { class: "quote" }, element("summary", {}, "Kutipan"), element("blockquote", {}, ...children));
    case "mention":
    case "hashtag":
    case "text_mention":
      return element("span", { class: "mention" }, ...children);
    default:
      return element("span", {}, ...children);
  }
}

function link(entity, plain, children, deeds) {
  const address = { text_link: entity.url, email: `mailto:${plain}`, phone_number: `tel:${plain}` }[entity.type] ?? plain;
  const href = safeLink(address);
  if (href === null) return element("span", {}, ...children);
  if (deeds.isDeepLink(href)) return element("a", { href, onclick: (event) => { event.preventDefault(); deeds.open(href); } }, ...children);
  return element("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

// Who sent a message, as a user; a post in a channel is the channel's.
export function senderOf({ from, sender_chat: chat }) {
  return from ?? { id: chat.id, first_name: chat.title, is_bot: false };
}

export function titleOf(message) {
  return message.sender_chat?.title ?? message.from.first_name;
}

// One message, or an album of several, as a list item. *context*: me (my id), isGroup, read (a set of ids), reactions,
// isMine(message), mayRemove(message), deeds {write, tap, copy, explain, show, reply, react, forward, edit, remove, open, query}.
export function drawn(messages, context) {
  const message = messages[0];
  const service = serviceText(message);
  if (service) return element("li", { class: "service", "data-id": message.message_id }, element("span", {}, service));
  const isOwn = context.isMine(message);
  const worded = messages.find((one) => one.text !== undefined || one.caption !== undefined) ?? message;
  const words = worded.text ?? worded.caption ?? "";
  const who = isOwn ? "Anda: " : senderOf(message).is_bot ? "Bot: " : `${senderOf(message).first_name}: `;
  const bubble = element("div", { class: "bubble" }, element("span", { class: "unseen" }, who), sender(message, isOwn, context),
    origin(message), quote(message, context), ...(messages.length > 1 ? [album(messages)] : media(message)));
  if (words) {
    const entities = worded.text === undefined ? worded.caption_entities : worded.entities;
    bubble.append(element("span", { class: "words" }, ...formatted(words, entities, context.deeds)));
  }
  bubble.append(meta(message, isOwn, context));
  bubble.append(...reactions(message, context));
  const isBig = message.text !== undefined && /^(\p{Extended_Pictographic}\uFE0F?){1,3}$/u.test(message.text);
  const kind = ["message", isOwn && "own", isBig && "big", messages.length > 1 && "album"].filter(Boolean).join(" ");
  return element("li", { class: kind, "data-id": message.message_id }, bubble, buttons(message, context), opener(), tools(message, isOwn, context));
}

// Where there is no hovering, a tap on the message does the same; a keyboard has this.
function opener() {
  const toggle = (event) => {
    const item = event.currentTarget.closest(".message");
    item.classList.toggle("picked");
    if (item.classList.contains("picked")) item.querySelector(".tools button").focus();
  };
  return element("button", { type: "button", class: "more-tools", "aria-label": "Alat pesan", title: "Alat pesan", onclick: toggle }, "⋯");
}

// Each sign once, with how many put it; a tap puts one's own, or takes it away.
function reactions(message, { me, reactions: all, deeds }) {
  const given = all[message.message_id] ?? [];
  if (!given.length) return [];
  const signs = [...new Set(given.map((one) => one.emoji ?? "⭐"))];
  return [element("div", { class: "reactions" }, ...signs.map((sign) => {
    const by = given.filter((one) => (one.emoji ?? "⭐") === sign);
    const isOwn = by.some((one) => one.by === me);
    return element("button", { type: "button", class: "reaction", "aria-pressed": String(isOwn), "aria-label": `Reaksi ${sign}, ${by.length}`, onclick: () => deeds.react(message, sign) },
      sign, by.length > 1 ? element("small", {}, String(by.length)) : null);
  }))];
}

// What stands in one line of a list or a quote.
export function summary(message) {
  if (message.text ?? message.caption) return message.text ?? message.caption;
  const kinds = { photo: "🖼️ Foto", animation: "🎞️ GIF", document: `📄 ${message.document?.file_name ?? "Berkas"}`, sticker: `${message.sticker?.emoji ?? ""} Stiker`,
    voice: "🎤 Pesan suara", audio: "🎵 Musik", video: "🎬 Video", venue: "📍 Tempat", location: "📍 Lokasi", contact: "👤 Kontak", poll: "📊 Jajak pendapat" };
  const found = Object.keys(kinds).find((name) => message[name]);
  return found ? kinds[found] : serviceText(message) || "Pesan";
}

function serviceText(message) {
  const who = titleOf(message);
  const names = (users) => users.map((user) => user.first_name).join(", ");
  if (message.new_chat_members) {
    const isSelf = message.new_chat_members[0].id === message.from.id;
    return isSelf ? `${who} bergabung` : `${who} menambahkan ${names(message.new_chat_members)}`;
  }
  if (message.left_chat_member) {
    return message.left_chat_member.id === message.from.id ? `${who} keluar dari grup` : `${who} mengeluarkan ${message.left_chat_member.first_name}`;
  }
  if (message.new_chat_title) return `${who} mengganti nama menjadi “${message.new_chat_title}”`;
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return "Grup ini menjadi supergrup";
  if (message.pinned_message) return `${who} menyematkan “${summary(message.pinned_message).slice(0, 40)}”`;
  if (message.forum_topic_created) return `${who} membuat topik “${message.forum_topic_created.name}”`;
  if (message.forum_topic_edited) return `${who} mengubah topik menjadi “${message.forum_topic_edited.name ?? ""}”`;
  if (message.forum_topic_closed) return `${who} menutup topik`;
  if (message.forum_topic_reopened) return `${who} membuka lagi topik`;
  return "";
}

function sender(message, isOwn, context) {
  if (message.via_bot && !context.isGroup) return element("div", { class: "origin" }, `lewat @${message.via_bot.username}`);
  if (!context.isGroup || isOwn) return null;
  const name = titleOf(message);
  const via = message.via_bot ? ` lewat @${message.via_bot.username}` : "";
  return element("div", { class: `sender ${senderOf(message).is_bot ? "bot" : `hue${Math.abs(senderOf(message).id) % 5}`}`, "aria-hidden": "true" }, name + via);
}

function meta(message, isOwn, context) {
  const edited = message.edit_date ? "diedit " : "";
  const line = element("span", { class: "meta" }, `${edited}${timeOf(message)}`);
  if (!isOwn) return line;
  const isRead = context.read.has(message.message_id);
  line.append(element("span", { class: isRead ? "ticks read" : "ticks", role: "img", "aria-label": isRead ? "Dibaca" : "Terkirim" }, isRead ? ticks(2) : ticks(1)));
  return line;
}

function ticks(count) {
  const drawing = sign(count === 2 ? "M1 9l3 3 6-8M7 11l1 1 6-8" : "M3 9l3 3 6-8");
  drawing.setAttribute("class", "tick");
  return drawing;
}

export function timeOf(message) {
  return clock.format(new Date(message.date * 1000));
}

function tools(message, isOwn, context) {
  const { deeds } = context;
  const tool = (label, text, action) => element("button", { type: "button", title: label, onclick: () => action(message) },
    element("span", { "aria-hidden": "true" }, text), element("span", { class: "unseen" }, label));
  const react = () => row.replaceChildren(...REACTIONS.map((sign) => element("button", { type: "button", "aria-label": `Beri reaksi ${sign}`, onclick: () => deeds.react(message, sign) }, sign)));
  const row = element("div", { class: "tools" }, tool("Balas", "↩\uFE0E", deeds.reply), tool("Beri reaksi", "☺\uFE0E", () => { react(); row.firstChild.focus(); }),
    tool("Teruskan", "➦", deeds.forward), isOwn && (message.text ?? message.caption) !== undefined && !message.via_bot && !message.forward_origin ? tool("Ubah", "✎", deeds.edit) : null,
    context.mayRemove(message) ? tool("Hapus", "🗑\uFE0E", deeds.remove) : null);
  return row;
}

function album(messages) {
  const shown = messages.flatMap((message) => media(message));
  const isOfPhotos = messages.every((message) => message.photo || message.video);
  return element("div", { class: isOfPhotos ? "grid" : "pile", "data-count": messages.length }, ...shown);
}

function origin(message) {
  return message.forward_origin ? element("div", { class: "origin" }, `Diteruskan dari ${nameOf(message.forward_origin)}`) : null;
}

function nameOf(origin) {
  return origin.sender_user_name ?? origin.sender_user?.first_name ?? (origin.sender_chat ?? origin.chat)?.title ?? "orang lain";
}

function quote(message, context) {
  const old = message.reply_to_message;
  const elsewhere = message.external_reply;
  if (elsewhere) return quotation(nameOf(elsewhere.origin), message.quote?.text ?? "Dari topik atau obrolan lain", null);
  if (!old || old.forum_topic_created) return null; // in a topic everything replies to what began it
  const name = context.isMine(old) ? "Anda" : titleOf(old);
  return quotation(name, message.quote?.text ?? summary(old), () => context.deeds.show(old.message_id));
}

function quotation(name, words, onclick) {
  const inside = [element("b", {}, name), element("span", {}, words)];
  return onclick ? element("button", { type: "button", class: "quoted", onclick }, ...inside) : element("div", { class: "quoted" }, ...inside);
}

function media(message) {
  if (message.photo) return [photo(message)];
  if (message.document && !message.animation) return [file(message.document)];
  if (message.sticker) return [element("div", { class: "big" }, element("span", { class: "words" }, message.sticker.emoji ?? "🙂"))];
  if (message.dice) return [standIn(message.dice.emoji, `Hasil: ${message.dice.value}`)];
  if (message.venue) return [standIn("📍", message.venue.title, message.venue.address)];
  if (message.location) return [standIn("📍", "Lokasi", `${message.location.latitude}, ${message.location.longitude}`)];
  if (message.contact) return [standIn("👤", [message.contact.first_name, message.contact.last_name].filter(Boolean).join(" "), message.contact.phone_number)];
  if (message.poll) return [standIn("📊", message.poll.question, message.poll.options.map((o) => o.text).join(" · "))];
  if (message.voice) return [standIn("🎤", "Pesan suara", lengthOf(message.voice.duration))];
  const others = { audio: "🎵 Musik", video: "🎬 Video", video_note: "🎬 Pesan video", animation: "🎞️ GIF", story: "📷 Cerita" };
  const found = Object.keys(others).find((name) => message[name]);
  if (found) return [standIn(...others[found].split(/ (.*)/s))];
  return message.text === undefined && message.caption === undefined ? [standIn("❔", "Pesan jenis ini belum bisa ditampilkan")] : [];
}

function photo(message) {
  const largest = message.photo[message.photo.length - 1];
  if (!largest.file_size) return standIn("🖼️", "Foto");
  return element("img", { class: "photo", src: `/page/file/${encodeURIComponent(largest.file_id)}`, width: largest.width,
    height: largest.height, alt: message.caption ? `Foto: ${message.caption}` : "Foto" });
}

function file(document) {
  const size = document.file_size ? sizeOf(document.file_size) : "";
  const inside = [element("span", { class: "sign", "aria-hidden": "true" }, "📄"),
    element("span", {}, document.file_name ?? "Berkas", element("small", {}, size))];
  if (!document.file_size) return element("div", { class: "stand-in" }, ...inside);
  return element("a", { class: "stand-in", href: `/page/file/${encodeURIComponent(document.file_id)}`, download: document.file_name ?? "berkas" }, ...inside);
}

function lengthOf(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const [size, unit] = bytes < 1048576 ? [bytes / 1024, "KB"] : [bytes / 1048576, "MB"];
  return `${new Intl.NumberFormat("id-ID", { maximumFractionDigits: 1 }).format(size)} ${unit}`;
}

function standIn(sign, title, detail) {
  return element("div", { class: "stand-in" }, element("span", { class: "sign", "aria-hidden": "true" }, sign),
    element("span", {}, title ?? "", detail ? element("small", {}, detail) : null));
}

function buttons(message, context) {
  const rows = message.reply_markup?.inline_keyboard?.filter((row) => row.length) ?? [];
  if (!rows.length) return null;
  return element("div", { class: "buttons", role: "group", "aria-label": "Tombol pesan" },
    ...rows.map((row) => element("div", { class: "line" }, ...row.map((button) => inlineButton(button, message, context.deeds)))));
}

function sign(path) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 16 16");
  drawing.setAttribute("class", "sign");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

function inlineButton(button, message, deeds) {
  const style = { class: button.style };
  const href = button.url || button.login_url ? safeLink(button.url ?? button.login_url.url) : null;
  if (href && deeds.isDeepLink(href)) return element("a", { ...style, href, onclick: (event) => { event.preventDefault(); deeds.open(href); } }, button.text, sign("M4 12 12 4M6 4h6v6"));
  if (href) return element("a", { ...style, href, target: "_blank", rel: "noopener noreferrer" }, button.text, sign("M4 12 12 4M6 4h6v6"));
  if (button.copy_text) {
    return element("button", { ...style, type: "button", onclick: () => deeds.copy(button.copy_text.text) }, button.text, sign("M5 5h8v8H5zM3 10V3h7"));
  }
  if (button.callback_data !== undefined) {
    const tap = (event) => deeds.tap(message.message_id, button.callback_data, event.currentTarget);
    return element("button", { ...style, type: "button", onclick: tap }, button.text);
  }
  const query = button.switch_inline_query_current_chat ?? button.switch_inline_query ?? button.switch_inline_query_chosen_chat?.query;
  if (query !== undefined) return element("button", { ...style, type: "button", onclick: () => deeds.query(query) }, button.text);
  return element("button", { ...style, type: "button", onclick: deeds.explain }, button.text);
}
