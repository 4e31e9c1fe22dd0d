// What a phone does on clicks and keys.

import { attachItems, emoji } from "./panels.js";

export function wire(phone) {
  const on = (selector, event, action) => phone.$(selector).addEventListener(event, action);
  const text = phone.$("textarea");
  phone.panels = [[".slash", ".commands"], [".smile", ".emoji"], [".clip", ".attach"], [".more", ".head .menu"]].map((pair) => pair.map((one) => phone.$(one)));
  const [commands, smile, attach, menu] = phone.panels;
  on(".composer", "submit", (event) => { event.preventDefault(); phone.shut(); phone.send(); });
  text.addEventListener("input", () => { phone.fit(); phone.typed(); });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    phone.shut();
    phone.send();
  });
  on(".slash", "click", () => phone.toggle(...commands, () => phone.openCommands()));
  on(".smile", "click", () => phone.toggle(...smile, () => emoji(smile[1], (sign) => { text.setRangeText(sign, text.selectionStart, text.selectionEnd, "end"); phone.fit(); })));
  on(".clip", "click", () => phone.toggle(...attach, () => attach[1].replaceChildren(...attachItems(phone))));
  on(".more", "click", () => phone.toggle(...menu));
  on(".keys", "click", () => phone.showKeyboard(phone.$(".keyboard").hidden));
  on(".picker", "change", (event) => { phone.sendFiles([...event.target.files]); event.target.value = ""; });
  on(".start", "click", async () => { await (phone.person.has_blocked ? phone.block(false) : phone.act("write", { text: "/start" })); text.focus(); });
  on(".to-end", "click", () => phone.toEnd());
  on(".pin", "click", () => phone.deeds.show(phone.chat.pinned[phone.chat.pinned.length - 1]));
  on(".reply button", "click", () => { phone.cancelReply(); text.focus(); });
  on(".back", "click", () => phone.back());
  on(".new-topic", "submit", async (event) => {
    event.preventDefault();
    const field = phone.$(".new-topic input");
    const made = field.value.trim() && await phone.act("topic", { what: "create", name: field.value });
    if (made) { field.value = ""; phone.enter(phone.open, made.thread); }
  });
  on(".scroll", "scroll", () => {
    const { scrollTop } = phone.$(".scroll");
    if (phone.atEnd()) {
      phone.follows = true;
      phone.$(".to-end").hidden = true;
    } else if (scrollTop < phone.lastTop) phone.follows = false; // only a person scrolls up; a picture that loads does not
    phone.lastTop = scrollTop;
  });
  const grown = new ResizeObserver(() => { if (phone.follows) phone.toEnd(); });
  grown.observe(phone.$(".scroll"));
  grown.observe(phone.$(".log"));
  on(".log", "click", (event) => {
    if (event.target.closest("a, button, summary")) return;
    const message = event.target.closest(".message");
    for (const picked of phone.node.querySelectorAll(".picked")) if (picked !== message) picked.classList.remove("picked");
    message?.classList.toggle("picked");
  });
  phone.node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = phone.panels.find(([, panel]) => !panel.hidden);
    phone.shut();
    phone.$(".results").hidden = true;
    open?.[0].focus();
  });
  document.addEventListener("click", (event) => {
    const isInside = phone.panels.some((pair) => pair.some((one) => one.contains(event.target)));
    if (!isInside && event.target !== text && document.contains(event.target)) phone.shut();
  });
}
