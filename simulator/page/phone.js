// One person's phone: their list of chats, the chat that is open, and what they do there.

import { chatItems, initial, menuItems, panelItem } from "./panels.js";
import { dayOf, drawn, element, summary } from "./render.js";
import { wire } from "./wiring.js";

export class Phone {
  // *world*: bot, chats (by id, shared by all phones), clockAhead, post(what, body), alert(title, text), changed().
  constructor(person, world) {
    this.world = world;
    this.node = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.me = person.user.id;
    this.open = this.me;
    this.items = [];
    this.unread = new Map();
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

  // What the server tells.

  show(person) {
    this.person = person;
    const shown = new Set(person.chats.map((chat) => chat.id));
    if (!shown.has(this.open)) this.open = this.chat?.migratedTo && shown.has(this.chat.migratedTo) ? this.chat.migratedTo : this.me;
    this.commands = new Map(person.chats.map((chat) => [chat.id, chat.commands]));
    this.node.setAttribute("aria-label", `Telepon ${person.user.first_name}`);
    this.$(".owner").textContent = person.user.first_name;
    this.busy.clear();
    this.redrawAll();
  }

  message(id, message, isNew) {
    if (id !== this.open || !this.$(".chats").hidden) {
      if (isNew && message.from.id !== this.me) this.unread.set(id, (this.unread.get(id) ?? 0) + 1);
      this.listChats();
    }
    if (id !== this.open) return;
    if (isNew) this.append(message);
    else this.replace(message.message_id);
    if (message.from.is_bot) this.settleStatus();
    this.showBottom();
  }

  deleted(id) {
    if (id === this.open) this.redraw();
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
    const { chat, person } = this;
    this.$(".name").textContent = this.isGroup ? chat.title : person.bot_name;
    this.$(".avatar").textContent = initial(this.isGroup ? chat.title : person.bot_name);
    this.$(".description").textContent = person.description || "Tekan Mulai untuk menyapa bot.";
    this.settleStatus();
    this.redraw();
    this.showPin();
    this.showKeyboard();
    this.showBottom();
    this.listChats();
    this.fillMenu();
  }

  settleStatus() {
    clearTimeout(this.typingEnds);
    this.$(".status").textContent = this.isGroup ? `${this.chat.members} anggota` : "bot";
  }

  get context() {
    return { me: this.me, isGroup: this.isGroup, read: this.chat.read, reactions: this.chat.reactions, deeds: this.deeds };
  }

  redraw() {
    const { follows } = this;
    this.items = [];
    this.$(".log").replaceChildren();
    for (const message of this.chat.messages.values()) this.add(message);
    if (follows) this.toEnd();
  }

  append(message) {
    const follows = this.follows || message.from.id === this.me;
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
    const item = { ids: [message.message_id], group: message.media_group_id, day, node: element("li"), isTurn: !last || last.from !== message.from.id, from: message.from.id };
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
    const pinned = this.chat.messages.get(this.chat.pinned[this.chat.pinned.length - 1]);
    this.$(".pin").hidden = !pinned;
    if (pinned) this.$(".pin").replaceChildren(element("b", {}, "Disematkan"), element("span", {}, summary(pinned)));
  }

  showBottom() {
    const isFirst = !this.isGroup && this.chat.messages.size === 0;
    const isShut = !this.isGroup && this.person.has_blocked;
    this.$(".intro").hidden = !isFirst;
    this.$(".start").hidden = !isFirst && !isShut;
    this.$(".start").textContent = isShut ? "Buka blokir" : "Mulai";
    this.$(".composer").hidden = isFirst || isShut;
    if (isFirst || isShut) this.$(".keyboard").hidden = true;
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
    this.$("textarea").placeholder = markup?.input_field_placeholder ?? "Tulis pesan";
    if (markup?.force_reply && this.replying?.message.message_id !== markup.message_id) {
      const message = this.chat.messages.get(markup.message_id);
      if (message) this.reply(message, false);
    }
    this.$(".keyboard").replaceChildren(...rows.map((row) => element("div", { class: "line" }, ...row.map((given) => {
      const button = typeof given === "string" ? { text: given } : given;
      return element("button", { type: "button", onclick: () => this.press(button, markup) }, button.text);
    }))));
  }

  listChats() {
    const total = [...this.unread.values()].reduce((sum, count) => sum + count, 0);
    this.$(".badge").hidden = total === 0;
    this.$(".badge").textContent = total;
    this.$(".back").hidden = this.person.chats.length < 2 || !this.$(".chats").hidden;
    this.$(".chats").replaceChildren(...chatItems(this));
    this.world.changed();
  }

  fillMenu() { this.$(".head .menu").replaceChildren(...menuItems(this)); }

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
      edit: (message) => this.reply(message, true, true),
      remove: (message) => this.act("delete", { message_id: message.message_id }),
      isDeepLink: (href) => href.toLowerCase().startsWith(`https://t.me/${this.world.bot.username.toLowerCase()}`),
      open: (href) => { this.enter(this.me); this.start(new URL(href).searchParams.get("start") ?? ""); },
      query: (query) => { this.type(`@${this.world.bot.username} ${query}`); },
    };
  }

  async act(what, body = {}) {
    const answer = await this.world.post(what, { person: this.me, ...(this.isGroup ? { chat: this.open } : {}), ...body });
    if (!answer) this.toast("Belum terkirim. Coba lagi sebentar.");
    return answer;
  }

  enter(id) {
    this.drafts.set(this.open, this.$("textarea").value);
    this.open = id;
    this.unread.delete(id);
    this.showList(false);
    this.cancelReply();
    this.type(this.drafts.get(id) ?? "");
    this.redrawAll();
    this.toEnd();
  }

  showList(isShown) {
    this.$(".chats").hidden = !isShown;
    this.node.classList.toggle("listing", isShown);
    if (isShown) {
      this.$(".name").textContent = "Obrolan";
      this.$(".status").textContent = this.person.user.first_name;
      this.listChats();
      this.$(".chats button").focus();
    }
  }

  start(payload) {
    this.open = this.me;
    this.showList(false);
    this.redrawAll();
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
    const name = message.from.id === this.me ? "Anda" : message.from.first_name;
    this.$(".reply b").textContent = isEdit ? "Mengubah pesan" : `Membalas ${name}`;
    this.$(".reply p span").textContent = summary(message);
    this.$(".reply").hidden = false;
    if (isEdit) this.type(message.text);
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

  async sendFile(file) {
    const where = new URLSearchParams({ person: this.me, chat: this.open, name: file.name });
    if (!await this.world.upload(where, file)) this.toast("Berkas belum terkirim.");
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
    if (asked === null) this.$(".results").hidden = true;
    else this.askSoon = setTimeout(() => this.ask(asked), 250);
  }

  async ask(query) {
    this.asked = (await this.act("inline", { query }))?.query_id;
    if (this.asked && this.offered?.query_id === this.asked) this.inline(this.offered); // the bot was quicker
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
