// Draws messages. Everything a bot wrote becomes text nodes: nothing of it is ever read as HTML.

const LINK_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:", "tg:"]);
const ZONE = "Asia/Jakarta";
const clock = new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit", timeZone: ZONE });
const calendar = new Intl.DateTimeFormat("id-ID", { day: "numeric", month: "long", year: "numeric", timeZone: ZONE });
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
      return link(entity, plain, children);
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

function link(entity, plain, children) {
  const address = { text_link: entity.url, email: `mailto:${plain}`, phone_number: `tel:${plain}` }[entity.type] ?? plain;
  const href = safeLink(address);
  if (href === null) return element("span", {}, ...children);
  return element("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

// One message as a list item. *context*: me (my id), reactions, deeds {write, tap, copy, explain, show}.
export function drawn(message, context) {
  const isOwn = message.from.id === context.me;
  const words = message.text ?? message.caption ?? "";
  const bubble = element("div", { class: "bubble" }, element("span", { class: "unseen" }, isOwn ? "Anda: " : "Bot: "),
    origin(message), quote(message, context), ...media(message));
  if (words) {
    const entities = message.text === undefined ? message.caption_entities : message.entities;
    bubble.append(element("span", { class: "words" }, ...formatted(words, entities, context.deeds)));
  }
  const edited = message.edit_date ? "diedit " : "";
  bubble.append(element("span", { class: "meta" }, `${edited}${clock.format(new Date(message.date * 1000))}`));
  const reaction = (context.reactions[message.message_id] ?? []).map((given) => given.emoji ?? "⭐").join(" ");
  if (reaction) bubble.append(element("div", {}, element("span", { class: "reaction", "aria-label": "Reaksi bot" }, reaction)));
  const isBig = message.text !== undefined && /^(\p{Extended_Pictographic}\uFE0F?){1,3}$/u.test(message.text);
  const kind = ["message", isOwn && "own", isBig && "big"].filter(Boolean).join(" ");
  return element("li", { class: kind, id: `m${message.message_id}` }, bubble, buttons(message, context));
}

function origin(message) {
  const from = message.forward_origin;
  if (!from) return null;
  const name = from.sender_user_name ?? from.sender_user?.first_name ?? from.chat?.title ?? "orang lain";
  return element("div", { class: "origin" }, `Diteruskan dari ${name}`);
}

function quote(message, context) {
  const old = message.reply_to_message;
  if (!old) return null;
  const name = old.from.id === context.me ? "Anda" : old.from.first_name;
  return element("button", { type: "button", class: "quoted", onclick: () => context.deeds.show(old.message_id) },
    element("b", {}, name), element("span", {}, old.text ?? old.caption ?? "Pesan"));
}

function media(message) {
  if (message.photo) return [photo(message)];
  if (message.document && !message.animation) return [file(message.document)];
  if (message.sticker) return [element("div", { class: "big" }, element("span", { class: "words" }, message.sticker.emoji ?? "🙂"))];
  if (message.dice) return [standIn(message.dice.emoji, `Hasil: ${message.dice.value}`)];
  if (message.venue) return [standIn("📍", message.venue.title, message.venue.address)];
  if (message.location) return [standIn("📍", "Lokasi", `${message.location.latitude}, ${message.location.longitude}`)];
  if (message.contact) return [standIn("👤", message.contact.first_name, message.contact.phone_number)];
  if (message.poll) return [standIn("📊", message.poll.question, message.poll.options.map((o) => o.text).join(" · "))];
  const others = { voice: "🎤 Pesan suara", audio: "🎵 Musik", video: "🎬 Video", video_note: "🎬 Pesan video", animation: "🎞️ GIF", story: "📷 Cerita" };
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
  const size = document.file_size ? `${Math.max(1, Math.round(document.file_size / 1024))} KB` : "";
  const inside = [element("span", { class: "sign", "aria-hidden": "true" }, "📄"),
    element("span", {}, document.file_name ?? "Berkas", element("small", {}, size))];
  if (!document.file_size) return element("div", { class: "stand-in" }, ...inside);
  return element("a", { class: "stand-in", href: `/page/file/${encodeURIComponent(document.file_id)}`, download: document.file_name ?? "berkas" }, ...inside);
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
  if (href) return element("a", { ...style, href, target: "_blank", rel: "noopener noreferrer" }, button.text, sign("M4 12 12 4M6 4h6v6"));
  if (button.copy_text) {
    return element("button", { ...style, type: "button", onclick: () => deeds.copy(button.copy_text.text) }, button.text, sign("M5 5h8v8H5zM3 10V3h7"));
  }
  if (button.callback_data !== undefined) {
    const tap = (event) => deeds.tap(message.message_id, button.callback_data, event.currentTarget);
    return element("button", { ...style, type: "button", onclick: tap }, button.text);
  }
  return element("button", { ...style, type: "button", onclick: deeds.explain }, button.text);
}
