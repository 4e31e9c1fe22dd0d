// One person's phone: their list of chats, the chat that is open, and what they do there.

import { chatItems, initial, menuItems, panelItem, topicItems } from "./panels.js";
import { dayOf, drawn, element, senderOf, summary, titleOf } from "./render.js";
import { wire } from "./wiring.js";

export class Phone {
  // *world*: bot, chats (by id, shared by all phones), clockAhead, post(what, body), alert(title, text), changed().
  constructor(person, world) {
    this.world = world;
    this.node = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.me = person.user.id;
    this.open = this.me;
    this.thread = null; // of a forum: the topic that is open, 0 for what is in none; else null
    this.listing = null; // "chats" or "topics" where such a list stands in place of a conversation
    this.forwarding = null; // the message for which a chat is being chosen
    this.items = [];
    this.unread = new Map(); // by chat and topic
    this.busy = new Map();
    this.answered = new Set();
    this.drafts = new Map();
    this.tucked = new Set(); // chats whose reply keyboard is folded away
    this.replying = null;
    this.follows = true; // whether the end stays in sight as messages come and pictures grow
    wire(this);
    this.show(person);
  }

  $(selector) { return this.node.querySelector(selector); }

  get chat() { return this.world.chats.get(this.open); }

  get isGroup() { return this.open < 0; }

  get standing() { return this.person.chats.find((chat) => chat.id === this.open) ?? {}; }

  get isAdmin() { return ["creator", "administrator"].includes(this.chat.members?.[this.me]); }

  get topic() { return this.thread ? this.chat.topics.find((topic) => topic.thread === this.thread) : undefined; }

  get place() { return JSON.stringify([this.open, this.thread]); }

  placeOf(id, message) { return JSON.stringify([id, this.world.chats.get(id).is_forum ? message.message_thread_id ?? 0 : null]); }

  may(right) { return Boolean(this.standing.rights?.includes(right)); }

  isMaster(topic) { return topic.maker === this.me || this.may("can_manage_topics"); }

  isHere(id, message) { return id === this.open && this.placeOf(id, message) === this.place; }

  isMine(message) { return (this.chat.authors[message.message_id] ?? senderOf(message).id) === this.me; }

  unreadIn(id, thread) {
    const isMeant = ([chat, topic]) => chat === id && (thread === undefined || topic === thread);
    return [...this.unread].filter(([place]) => isMeant(JSON.parse(place))).reduce((sum, [, count]) => sum + count, 0);
  }

  // What the server tells.

  show(person) {
    this.person = person;
    const shown = new Set(person.chats.map((chat) => chat.id));
    if (!shown.has(this.open)) this.open = this.chat?.migratedTo && shown.has(this.chat.migratedTo) ? this.chat.migratedTo : this.me;
    if (!this.chat.is_forum) this.thread = null;
    if (this.chat.is_forum ? this.thread === null && !this.listing : this.listing === "topics") this.listing = this.chat.is_forum ? "topics" : null;
    this.commands = new Map(person.chats.map((chat) => [chat.id, chat.commands]));
    this.node.setAttribute("aria-label", `Telepon ${person.user.first_name}`);
    this.$(".owner").textContent = person.user.first_name;
    this.busy.clear();
    this.redrawAll();
  }

  message(id, message, isNew) {
    if (!this.isHere(id, message) || this.listing) {
      const place = this.placeOf(id, message);
      if (isNew && senderOf(message).id !== this.me) this.unread.set(place, (this.unread.get(place) ?? 0) + 1);
      this.showLists();
    }
    if (!this.isHere(id, message)) return;
    if (isNew) this.append(message);
    else this.replace(message.message_id);
    if (senderOf(message).is_bot) this.settleStatus();
    this.showBottom();
  }

  deleted(id) {
    if (id !== this.open) return;
    this.redraw();
    this.showBottom();
  }

  redrawOne(id, messageId) { if (id === this.open) this.replace(messageId); }

  action(id, action) {
    if (id !== this.open) return;
    this.$(".status").textContent = action === "typing" ? "mengetik…" : "mengirim berkas…";
    clearTimeout(this.typingEnds);
    this.typingEnds = setTimeout(() => this.settleStatus(), 5000);
  }

  answer({ query_id: id, text, show_alert: isAlert }) {
    this.answered.add(id);
    this.busy.get(id)?.removeAttribute("aria-busy");
    this.busy.delete(id);
    if (!text) return;
    if (isAlert) this.world.alert(`${this.person.bot_name} → ${this.person.user.first_name}`, text);
    else this.toast(text);
  }

  inline({ query_id: id, answer }) {
    this.offered = { query_id: id, answer };
    if (id !== this.asked) return;
    const items = answer.results.map((result) => panelItem(result.title ?? result.id, result.description ?? "", () => this.choose(result)));
    if (answer.button) items.unshift(panelItem(answer.button.text, "", () => this.start(answer.button.start_parameter ?? "")));
    if (!items.length) items.push(element("p", { class: "hint" }, "Tidak ada jawaban."));
    this.$(".results").replaceChildren(...items);
    this.$(".results").hidden = false;
  }

  // What is drawn.

  redrawAll() {
    if (this.thread && !this.topic) [this.thread, this.listing] = [null, "topics"]; // it was deleted
    this.showHead();
    this.redraw();
    this.showPin();
    this.showKeyboard();
    this.showBottom();
    this.showLists();
    this.$(".head .menu").replaceChildren(...menuItems(this));
  }

  showHead() {
    const { chat, person, topic, listing } = this;
    const place = this.isGroup ? chat.title : person.bot_name;
    const isInTopic = chat.is_forum && listing !== "topics";
    const title = isInTopic ? topic?.name ?? "Umum" : place;
    this.$(".name").textContent = listing === "chats" ? (this.forwarding ? "Teruskan ke…" : "Obrolan") : title;
    this.$(".avatar").textContent = isInTopic ? "#" : initial(place);
    this.$(".description").textContent = person.description || "Tekan Mulai untuk menyapa bot.";
    this.$(".back").hidden = listing === "chats" || (person.chats.length < 2 && !isInTopic);
    this.settleStatus();
  }

  settleStatus() {
    clearTimeout(this.typingEnds);
    this.$(".status").textContent = this.statusNow();
  }

  statusNow() {
    if (this.listing === "chats") return this.person.user.first_name;
    if (!this.isGroup) return "bot";
    return this.chat.is_forum && !this.listing ? this.chat.title : `${Object.keys(this.chat.members).length} anggota`;
  }

  get context() {
    const { me, isGroup, chat, deeds } = this;
    return {
      me, isGroup, read: chat.read, reactions: chat.reactions, deeds, isMine: (message) => this.isMine(message),
      mayRemove: (message) => !isGroup || this.isMine(message) || this.may("can_delete_messages"),
    };
  }

  redraw() {
    const { follows } = this;
    this.items = [];
    this.$(".log").replaceChildren();
    for (const message of this.chat.messages.values()) if (this.isHere(this.open, message)) this.add(message);
    if (follows) this.toEnd();
  }

  append(message) {
    const follows = this.follows || this.isMine(message);
    this.add(message)?.classList.add("fresh");
    if (follows) this.toEnd();
    else this.$(".to-end").hidden = false;
  }

  add(message) {
    const last = this.items[this.items.length - 1];
    if (last && message.media_group_id && last.group === message.media_group_id) {
      last.ids.push(message.message_id);
      return this.draw(last);
    }
    const log = this.$(".log");
    const day = dayOf(message.date, Date.now() + this.world.clockAhead);
    if (!last || last.day !== day) log.append(element("li", { class: "day" }, element("span", {}, day)));
    const item = { ids: [message.message_id], group: message.media_group_id, day, node: element("li"), isTurn: !last || last.from !== senderOf(message).id, from: senderOf(message).id };
    this.items.push(item);
    log.append(item.node);
    return this.draw(item);
  }

  draw(item) {
    const node = drawn(item.ids.map((id) => this.chat.messages.get(id)).filter(Boolean), this.context);
    if (item.isTurn) node.classList.add("turn");
    item.node.replaceWith(node);
    item.node = node;
    return node;
  }

  replace(messageId) {
    const item = this.items.find((one) => one.ids.includes(messageId));
    if (!item) return;
    const { follows } = this;
    const focused = [...item.node.querySelectorAll("button, a")].indexOf(document.activeElement);
    this.draw(item);
    if (focused >= 0) (item.node.querySelectorAll("button, a")[focused] ?? this.$("textarea")).focus({ preventScroll: true });
    if (follows) this.toEnd();
  }

  atEnd() {
    const scroll = this.$(".scroll");
    return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  }

  toEnd() {
    const scroll = this.$(".scroll");
    scroll.scrollTop = scroll.scrollHeight;
    this.follows = true;
    this.$(".to-end").hidden = true;
  }

  showPin() {
    const pinned = this.chat.pinned.map((id) => this.chat.messages.get(id)).findLast((message) => this.isHere(this.open, message));
    this.$(".pin").hidden = !pinned;
    if (pinned) this.$(".pin").replaceChildren(element("b", {}, "Disematkan"), element("span", {}, summary(pinned)));
  }

  showBottom() {
    const isFirst = !this.isGroup && this.chat.messages.size === 0;
    const isShut = !this.isGroup && this.person.has_blocked;
    this.$(".intro").hidden = !isFirst;
    this.$(".start").hidden = !isFirst && !isShut;
    this.$(".start").textContent = isShut ? "Buka blokir" : "Mulai";
    const isClosed = Boolean(this.topic?.is_closed) && !this.isMaster(this.topic);
    const isReader = this.chat.type === "channel" && !this.may("can_post_messages");
    this.$(".shut").hidden = !isClosed && !isReader;
    this.$(".shut").textContent = isReader ? "Hanya admin kanal yang menulis di sini." : "Topik ini ditutup.";
    this.$(".composer").hidden = isFirst || isShut || isClosed || isReader;
    if (this.$(".composer").hidden) this.$(".keyboard").hidden = true;
    this.$(".slash").hidden = !this.commands.get(this.open)?.length;
    this.$("textarea").setAttribute("aria-label", "Tulis pesan");
  }

  showKeyboard(isShown = !this.tucked.has(this.open)) {
    if (isShown) this.tucked.delete(this.open);
    else this.tucked.add(this.open);
    const markup = this.chat.keyboard;
    const rows = markup?.keyboard ?? [];
    this.$(".keys").hidden = rows.length === 0;
    this.$(".keys").setAttribute("aria-expanded", String(isShown));
    this.$(".keyboard").hidden = rows.length === 0 || !isShown;
    this.$("textarea").placeholder = markup?.input_field_placeholder ?? (this.standing.is_anonymous ? "Tulis atas nama grup" : "Tulis pesan");
    if (markup?.force_reply && this.replying?.message.message_id !== markup.message_id) {
      const message = this.chat.messages.get(markup.message_id);
      if (message) this.reply(message, false);
    }
    this.$(".keyboard").replaceChildren(...rows.map((row) => element("div", { class: "line" }, ...row.map((given) => {
      const button = typeof given === "string" ? { text: given } : given;
      return element("button", { type: "button", onclick: () => this.press(button, markup) }, button.text);
    }))));
  }

  showLists() {
    const total = [...this.unread.values()].reduce((sum, count) => sum + count, 0);
    this.$(".badge").hidden = total === 0;
    this.$(".badge").textContent = total;
    this.$(".chats").hidden = !this.listing;
    this.$(".new-topic").hidden = this.listing !== "topics" || !this.may("can_manage_topics");
    this.node.classList.toggle("listing", Boolean(this.listing));
    this.node.classList.toggle("among-chats", this.listing === "chats");
    const items = { chats: chatItems, topics: topicItems }[this.listing]?.(this) ?? [];
    const focused = [...this.$(".chats").querySelectorAll("button")].indexOf(document.activeElement);
    this.$(".chats").replaceChildren(...items);
    if (focused >= 0) this.$(".chats").querySelectorAll("button")[focused]?.focus();
    this.world.changed();
  }

  toast(text) {
    const toast = this.$(".toast");
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(this.toastEnds);
    this.toastEnds = setTimeout(() => { toast.hidden = true; }, 2500 + 40 * text.length);
  }

  // What the person does.

  get deeds() {
    return this.allDeeds ??= {
      write: (text) => this.act("write", { text }),
      tap: (messageId, data, button) => this.tap(messageId, data, button),
      copy: (text) => this.copy(text),
      explain: () => this.toast("Tombol ini tidak jalan di Telegram tiruan."),
      show: (id) => this.items.find((item) => item.ids.includes(id))?.node.scrollIntoView({ block: "center", behavior: "smooth" }),
      reply: (message) => this.reply(message),
      react: (message, emoji) => this.react(message, emoji),
      forward: (message) => { this.forwarding = { chat: this.open, message_id: message.message_id }; this.list("chats"); },
      edit: (message) => this.reply(message, true, true),
      remove: (message) => this.act("delete", { message_id: message.message_id }),
      isDeepLink: (href) => href.toLowerCase().startsWith(`https://t.me/${this.world.bot.username.toLowerCase()}`),
      open: (href) => this.start(new URL(href).searchParams.get("start") ?? ""),
      query: (query) => { this.type(`@${this.world.bot.username} ${query}`); },
    };
  }

  async act(what, body = {}) {
    const place = { ...(this.isGroup ? { chat: this.open } : {}), ...(this.thread ? { thread: this.thread } : {}) };
    const answer = await this.world.post(what, { person: this.me, ...place, ...body });
    if (!answer) this.toast("Belum terkirim. Coba lagi sebentar.");
    return answer;
  }

  enter(id, thread = null) {
    this.drafts.set(this.place, this.$("textarea").value);
    this.open = id;
    this.thread = thread;
    this.listing = this.chat.is_forum && thread === null ? "topics" : null;
    if (!this.listing) this.unread.delete(this.place);
    this.cancelReply();
    this.type(this.listing ? "" : this.drafts.get(this.place) ?? "");
    this.redrawAll();
    this.toEnd();
    if (this.listing) this.focusList();
    else if (this.forwarding) this.passOn();
  }

  back() {
    if (this.chat.is_forum && !this.listing) this.enter(this.open);
    else this.list("chats");
  }

  list(what) {
    this.listing = what;
    this.showHead();
    this.showLists();
    this.focusList();
  }

  focusList() { this.$(".chats button")?.focus(); }

  passOn() {
    const { forwarding: from } = this;
    this.forwarding = null;
    this.act("forward", { ...from, chat: from.chat < 0 ? from.chat : null, to: this.open });
  }

  start(payload) {
    this.forwarding = null;
    this.enter(this.me);
    this.type("");
    this.act("write", { text: `/start ${payload}`.trim() });
  }

  async tap(messageId, data, button) {
    button.setAttribute("aria-busy", "true");
    const answer = await this.act("tap", { message_id: messageId, data });
    const isOver = !answer || this.answered.has(answer.query_id); // the bot can be quicker than this answer
    if (!isOver) this.busy.set(answer.query_id, button);
    setTimeout(() => button.removeAttribute("aria-busy"), isOver ? 0 : 15000);
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.toast("Sudah disalin.");
    } catch {
      this.toast(`Salin sendiri: ${text}`);
    }
  }

  block(isBlocked) { return this.act("block", { is_blocked: isBlocked }); }

  press(button, markup) {
    if (button.request_contact) this.act("share", { what: "contact" });
    else if (button.request_location) this.act("share", { what: "location" });
    else this.act("write", { text: button.text });
    if (markup.one_time_keyboard) this.showKeyboard(false);
  }

  reply(message, isFocused = true, isEdit = false) {
    this.replying = { message, isEdit };
    const name = this.isMine(message) ? "Anda" : titleOf(message);
    this.$(".reply b").textContent = isEdit ? "Mengubah pesan" : `Membalas ${name}`;
    this.$(".reply p span").textContent = summary(message);
    this.$(".reply").hidden = false;
    if (isEdit) this.type(message.text ?? message.caption);
    if (isFocused) this.$("textarea").focus();
  }

  cancelReply() {
    if (this.replying?.isEdit) this.type("");
    this.replying = null;
    this.$(".reply").hidden = true;
  }

  async send() {
    const text = this.$("textarea").value.trim();
    if (!text) return;
    this.$(".send").disabled = true;
    const id = this.replying?.message.message_id;
    const isSent = this.replying?.isEdit ? await this.act("edit", { message_id: id, text })
      : await this.act("write", id ? { text, reply_to: id } : { text });
    if (isSent && this.$("textarea").value.trim() === text) {
      this.type("");
      if (this.replying?.message.message_id === id) this.cancelReply();
    }
    this.fit();
  }

  // What was typed goes with the first of them.
  async sendFiles(files) {
    const album = files.length > 1 ? String(Date.now()) : "";
    let caption = this.replying?.isEdit ? "" : this.$("textarea").value.trim();
    for (const file of files) {
      const place = { person: this.me, chat: this.open, thread: this.thread ?? 0, reply_to: this.replying?.message.message_id ?? 0 };
      if (!await this.world.upload(new URLSearchParams({ ...place, name: file.name, album, caption }), file)) {
        this.toast("Berkas belum terkirim.");
        return;
      }
      if (caption) this.type("");
      caption = "";
      this.cancelReply();
    }
  }

  react(message, emoji) {
    const own = (this.chat.reactions[message.message_id] ?? []).find((given) => given.by === this.me);
    return this.act("react", { message_id: message.message_id, emoji: own?.emoji === emoji ? null : emoji });
  }

  async choose(result) {
    this.shut();
    if (await this.act("choose", { result: result.id })) this.type("");
  }

  type(text) {
    this.$("textarea").value = text;
    this.fit();
    this.typed();
  }

  fit() {
    const text = this.$("textarea");
    text.style.height = "auto";
    if (text.value) text.style.height = `${text.scrollHeight + 2}px`;
    this.$(".send").disabled = !text.value.trim();
  }

  typed() {
    const text = this.$("textarea").value;
    if (/^\/\w*$/.test(text)) this.openCommands(text);
    else this.$(".commands").hidden = true;
    const name = this.world.bot.username;
    const asked = this.world.bot.can_inline && text.toLowerCase().startsWith(`@${name.toLowerCase()} `) ? text.slice(name.length + 2) : null;
    clearTimeout(this.askSoon);
    this.asked = null; // what was asked before may still be answered, and is not wanted any more
    if (asked === null) this.$(".results").hidden = true;
    else this.askSoon = setTimeout(() => this.ask(asked), 250);
  }

  async ask(query) {
    const id = (await this.act("inline", { query }))?.query_id;
    if (!id || !this.$("textarea").value.endsWith(query)) return;
    this.asked = id;
    if (this.offered?.query_id === this.asked) this.inline(this.offered); // the bot was quicker
  }

  openCommands(typed = "") {
    const fitting = (this.commands.get(this.open) ?? []).filter(({ command }) => `/${command}`.startsWith(typed));
    this.$(".commands").replaceChildren(...fitting.map(({ command, description }) =>
      panelItem(`/${command}`, description, () => this.sendCommand(command))));
    this.$(".commands").hidden = fitting.length === 0;
    this.$(".slash").setAttribute("aria-expanded", String(fitting.length > 0));
  }

  sendCommand(command) {
    this.shut();
    this.type("");
    this.act("write", { text: `/${command}${this.isGroup ? `@${this.world.bot.username}` : ""}` });
    this.$("textarea").focus();
  }

  // Panels that open over the chat; one at a time.

  shut() {
    for (const [opener, panel] of this.panels) {
      panel.hidden = true;
      opener.setAttribute("aria-expanded", "false");
    }
  }

  toggle(opener, panel, fill) {
    const isOpening = panel.hidden;
    this.shut();
    if (!isOpening) return;
    fill?.();
    panel.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    panel.querySelector("button")?.focus();
  }
}
