// The desk's own script: keys, the picture viewer, drafts and live counts.
// Everything works without it but slower.
"use strict";
(function () {
  const $ = (q, in_) => (in_ || document).querySelector(q);
  const $$ = (q, in_) => Array.from((in_ || document).querySelectorAll(q));
  const keep = window.sessionStorage;

  // --- keys: an element with data-key is used by pressing that key outside of a field
  function typing(e) { return e.target.closest("input, textarea, select, [contenteditable]"); }
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && typing(e)) { e.target.blur(); return; }
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && e.target.form) { e.preventDefault(); e.target.form.requestSubmit(); return; }
    if (e.key.toLowerCase() === "z" && (e.ctrlKey || e.metaKey) && !e.shiftKey && !e.altKey && !typing(e)) { // takes back what was just decided
      const undo = $("form[data-undo]"); if (undo && !undo.hidden) { e.preventDefault(); if (!e.repeat) undo.requestSubmit(); }
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e) || localStorage.getItem("keys") === "off" || $("dialog[open]")) return;
    if (e.key === "?") { e.preventDefault(); showKeys(); return; }
    const el = $$("[data-key]").find((x) => x.dataset.key === e.key && x.offsetParent !== null);
    if (!el) return;
    e.preventDefault();
    // The focus moves after the key is done with, so that it is not typed there.
    const later = (x) => setTimeout(() => { x.focus(); if (x.select) x.select(); });
    if (el.matches("summary")) { const d = el.parentElement; d.open = true; later($("input:not([type=hidden]), textarea", d) || el); return; }
    if (el.matches("input, textarea, select") || el.dataset.focus !== undefined) { later(el); return; }
    el.click();
  });

  // ? shows the keys of this page, by the registry of the desk.
  function showKeys() {
    const dialog = $("#keys"); if (!dialog || dialog.open) return;
    const here = $$("[data-key]").filter((x) => x.offsetParent !== null).map((x) => (/^[1-9]$/.test(x.dataset.key) ? "1–9" : x.dataset.key));
    $$("tr", dialog).forEach((r) => { r.hidden = r.dataset.always === undefined && !here.includes(r.dataset.for); });
    dialog.showModal();
  }

  // A digit in an empty field that has usual answers chooses one of them.
  document.addEventListener("keydown", (e) => {
    const t = e.target; if (!t.dataset || t.dataset.choose === undefined || t.value || e.ctrlKey || e.altKey || e.metaKey) return;
    const b = $$(`[data-fill][data-into="#${t.id}"]`)[Number(e.key) - 1];
    if (b) { e.preventDefault(); b.click(); }
  });

  // --- drafts: what was typed survives an expired session and an accidental reload
  // A draft is found by where its form goes to, which stays the same when the form comes back refused at another address.
  // It is somebody's: whoever logs in after him in the same window does not find it. And it is of a version of its thing.
  // It comes back by itself only into the form that was left: after a reload, on the way back, after logging in again, and
  // while its thing is as it was. Into any other form, a new one of the next person too, it is only offered.
  // The form's key stays with it: what had arrived, though no answer came back, is not done again when it is sent again.
  // (Not where a file is sent: it is chosen anew, and may be another one.)
  const user = document.body.dataset.user || "";
  if (user) Object.keys(keep).forEach((k) => { if (k.startsWith("draft:") && !k.startsWith(`draft:${user}:`)) keep.removeItem(k); });
  const drafts = (f) => `draft:${user}:` + (f.getAttribute("action") || location.pathname) + ":" + f.dataset.draft;
  const keyOf = (f) => ($("input[type=file]", f) ? null : $("input[type=hidden][name=key]", f));
  const versionOf = (f) => { const el = $("input[type=hidden][name=version]", f); return el ? el.value : ""; };
  const returned = () => ["reload", "back_forward"].includes((performance.getEntriesByType("navigation")[0] || {}).type) || document.referrer.startsWith(location.origin + "/desk/login");
  function typed(f) {
    const v = {};
    for (const el of f.elements) {
      if (!el.name || el.type === "hidden" || el.type === "password" || el.type === "file" || el.name === "totp") continue;
      if ((el.type === "checkbox" || el.type === "radio") && !el.checked) continue;
      (v[el.name] = v[el.name] || []).push(el.value);
    }
    return v;
  }
  function save(f) {
    const key = keyOf(f);
    keep.setItem(drafts(f), JSON.stringify({ at: Date.now(), version: versionOf(f), key: key && key.value, typed: typed(f) }));
  }
  function put(f, d) {
    const v = d.typed, seen = {}, key = keyOf(f);
    new Set($$("[data-row]", f).map((r) => r.dataset.row)).forEach((g) => { while ($$(`[data-row="${g}"]`, f).length < (v[g] || []).length && grow(f, g)); });
    for (const el of f.elements) {
      if (!el.name || el.type === "hidden" || el.type === "file") continue;
      if (el.type === "checkbox" || el.type === "radio") { el.checked = (v[el.name] || []).includes(el.value); continue; }
      if (!(el.name in v)) continue;
      const i = seen[el.name] = (seen[el.name] || 0) + 1, want = v[el.name][i - 1];
      if (want !== undefined) el.value = want;
    }
    if (key && d.key) key.value = d.key;
    f.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function restore(f) {
    const text = keep.getItem(drafts(f));
    if (!text || f.dataset.refused !== undefined) return;
    const d = JSON.parse(text), same = d.version === versionOf(f), note = document.createElement("p"), words = document.createElement("span");
    if (JSON.stringify(d.typed) === JSON.stringify(typed(f))) return; // the page says it already
    const button = (name, act) => { const b = document.createElement("button"); b.type = "button"; b.className = "btn btn-outline-secondary btn-sm ms-2"; b.textContent = name; b.addEventListener("click", act); note.append(b); };
    note.className = "note"; note.setAttribute("role", "status"); note.append(words);
    if (same && returned()) {
      put(f, d);
      words.textContent = "已恢复上次未提交的内容，请核对后提交。";
    } else {
      const at = new Date(d.at), two = (n) => String(n).padStart(2, "0");
      words.textContent = `这里有 ${at.getMonth() + 1}月${at.getDate()}日 ${two(at.getHours())}:${two(at.getMinutes())} 填写而没有提交的内容` + (same ? "。" : "，该事项此后已有变化。");
      button("放回表单", (e) => { put(f, d); words.textContent = "已放回，请核对后提交。"; e.target.remove(); });
    }
    button("丢弃", () => { keep.removeItem(drafts(f)); location.reload(); });
    const box = f.closest("details"); if (box) box.open = true;
    f.prepend(note);
  }
  function watchForms() {
    // What was sent is no draft any more when it arrived: the page says so, or is another one. A log-in, a failure and
    // the same form do not show that.
    const sent = keep.getItem("sent"), forms = $$("form[data-draft]");
    if (sent && (document.body.dataset.done !== undefined || !$(".page-login, .page-failure") && !forms.some((f) => drafts(f) === sent))) keep.removeItem(sent);
    keep.removeItem("sent");
    forms.forEach((f) => {
      restore(f);
      f.addEventListener("input", () => save(f));
      f.addEventListener("submit", () => keep.setItem("sent", drafts(f)));
    });
    $$("form").forEach((f) => f.addEventListener("submit", (e) => {
      if (f.dataset.clearDrafts !== undefined) keep.clear();
      if (f.dataset.job !== undefined) return;
      if (f.dataset.busy !== undefined) { e.preventDefault(); return; } // a second click
      f.dataset.busy = ""; setTimeout(() => delete f.dataset.busy, 4000);
    }));
  }

  // --- what can be taken back: how long, and not after
  function undoes() {
    const f = $("form[data-undo]"); if (!f) return;
    const left = $("[data-left]", f), until = performance.now() + Number(f.dataset.undo) * 1000;
    const tick = setInterval(() => {
      const n = Math.ceil((until - performance.now()) / 1000); left.textContent = n + " 秒 ";
      if (n > 0) return;
      clearInterval(tick); f.hidden = true; $("p", f.parentElement).textContent = "撤回的时间已过，刚才的决定或者回复生效。";
    }, 500);
  }
  // A page that comes back as it was left may tell of what was taken back since.
  addEventListener("pageshow", (e) => { if (e.persisted && ($("[data-undo]") || document.body.dataset.done !== undefined)) location.reload(); });

  // --- rows of a form that may repeat
  function grow(f, group) {
    const rows = $$(`[data-row="${group}"]`, f), last = rows[rows.length - 1];
    if (!last || rows.length > 99) return false;
    const row = last.cloneNode(true);
    $$("input, select, textarea", row).forEach((el) => { if (el.tagName === "SELECT") el.selectedIndex = 0; else el.value = ""; el.removeAttribute("aria-invalid"); });
    $$("[id]", row).forEach((el) => { const id = el.id; el.id = id.replace(/\d*$/, "") + (rows.length + 1); $$("label", row).forEach((l) => { if (l.htmlFor === id) l.htmlFor = el.id; }); });
    $$(".wrong, [aria-live]", row).forEach((el) => (el.textContent = ""));
    last.after(row);
    if (window.htmx) htmx.process(row);
    return row;
  }
  document.addEventListener("click", (e) => {
    const t = e.target.closest("[data-grow-row], [data-fill], [data-back], [data-view], [data-zoom], [data-turn], [data-walk], [data-print], [data-open], [data-keys-toggle]");
    if (!t) return;
    if (t.dataset.growRow !== undefined) { const row = grow(t.closest("form"), t.dataset.growRow); const first = row && $("input, select", row); if (first) first.focus(); }
    if (t.dataset.fill !== undefined) { const el = $(t.dataset.into); el.value = el.value && t.dataset.add !== undefined ? el.value + t.dataset.fill : t.dataset.fill; el.focus(); el.dispatchEvent(new Event("input", { bubbles: true })); }
    if (t.dataset.back !== undefined && history.length > 1) { e.preventDefault(); history.back(); }
    if (t.dataset.view !== undefined) view(t);
    if (t.dataset.zoom !== undefined) zoom(t.dataset.zoom);
    if (t.dataset.walk !== undefined) walk();
    if (t.dataset.turn !== undefined) turn(Number(t.dataset.turn));
    if (t.dataset.print !== undefined) print();
    if (t.dataset.open !== undefined) {
      const d = $(t.dataset.open); d.open = true; d.scrollIntoView({ block: "nearest" });
      setTimeout(() => $("textarea, input:not([type=hidden])", d).focus()); // after the key is done with
    }
    if (t.dataset.keysToggle !== undefined) { localStorage.setItem("keys", localStorage.getItem("keys") === "off" ? "on" : "off"); keysState(); }
  });
  function keysState() { $$("[data-keys-toggle]").forEach((b) => { const off = localStorage.getItem("keys") === "off"; b.setAttribute("aria-pressed", String(!off)); b.textContent = off ? "单键快捷键：已关闭" : "单键快捷键：已开启"; }); }

  // --- checks while one types: the rule is the server's
  // An amount and a phone number are known by their keyboards, what else is to be checked by its name for the rule.
  const checking = new WeakMap();
  const ruleOf = (el) => (!el.dataset || !el.form || el.form.method !== "post" ? "" : el.dataset.check !== undefined ? el.dataset.check : { decimal: "amount", tel: "phone" }[el.inputMode] || "");
  document.addEventListener("input", (e) => { // when one pauses
    const el = e.target; if (!ruleOf(el)) return;
    clearTimeout(checking.get(el)); checking.set(el, setTimeout(() => check(el), 700));
  });
  document.addEventListener("change", (e) => { if (ruleOf(e.target)) check(e.target); });
  async function check(el) {
    clearTimeout(checking.get(el));
    const typed = el.value;
    const row = el.closest("[data-row]"), kind = row && $("[name=party_kind]", row);
    let wrong = $(".wrong", el.parentElement);
    const body = new URLSearchParams({ rule: ruleOf(el), value: typed, kind: kind ? kind.value : "", id_kind: el.form.elements[el.name + "_kind"] ? el.form.elements[el.name + "_kind"].value : "" });
    const r = await fetch("/desk/check", { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
    const said = r && r.ok ? await r.text() : null;
    if (said === null || el.value !== typed) return;
    if (!wrong) { if (!said) return; wrong = document.createElement("div"); wrong.className = "wrong"; wrong.setAttribute("role", "status"); el.after(wrong); }
    wrong.textContent = said;
    if (said) el.setAttribute("aria-invalid", "true"); else el.removeAttribute("aria-invalid");
  }

  // --- the names of parties are offered where one is to be named
  function names() {
    const list = $("#party-names"), all = $$("[name=party_name]").map((x) => x.value.trim()).concat($$("[data-party-name]").map((x) => x.textContent.trim())).filter(Boolean);
    const el = document.activeElement && document.activeElement.matches("[data-parties]") ? document.activeElement : null; if (!list) return;
    const before = el && el.name === "duty_obligors" ? el.value.replace(/[^、，,;；]*$/, "") : "", more = el && el.name === "duty_obligee" ? ["法院"] : [];
    list.replaceChildren(...all.filter((n) => !before.includes(n)).concat(more).map((n) => { const o = document.createElement("option"); o.value = before + n; return o; }));
  }
  ["input", "focusin"].forEach((on) => document.addEventListener(on, (e) => { if (e.target.matches && e.target.matches("[data-parties], [name=party_name]")) names(); }));

  // --- a long list shows what contains the words
  // A list for the printer is printed by a click; without scripts the browser's own menu does it.
  $$("[data-print]").forEach((el) => { el.classList.remove("off"); el.addEventListener("click", () => window.print()); });

  function sifts() {
    $$(".sift").forEach((el) => {
      const field = $("[data-sift]", el), said = $("[role=status]", el); el.classList.remove("off");
      field.addEventListener("input", () => {
        const rows = $$(`${field.dataset.sift} tbody > tr, ${field.dataset.sift} > details`), want = field.value.trim();
        let n = 0;
        rows.forEach((r) => { r.hidden = want !== "" && !r.textContent.includes(want); if (!r.hidden) n++; });
        said.textContent = want ? n + " 项" : "";
      });
    });
  }

  // --- the picture viewer
  let scale = 1, angle = 0;
  const shown = () => $(".stage .fit[data-file]:not([hidden]) img");
  function draw() {
    const img = shown(); if (!img || !img.naturalWidth) return;
    const st = $(".stage"), box = img.parentElement, w = img.naturalWidth, h = img.naturalHeight, across = angle % 180 !== 0;
    const before = st.scrollWidth && { x: (st.scrollLeft + st.clientWidth / 2) / st.scrollWidth, y: (st.scrollTop + st.clientHeight / 2) / st.scrollHeight };
    st.classList.toggle("zoomed", scale !== 1); st.classList.toggle("moved", scale !== 1 || angle !== 0);
    img.style.cssText = box.style.cssText = "";
    if (scale === 1 && angle === 0) return;
    const k = scale * Math.min(1, st.clientWidth / (across ? h : w), st.clientHeight / (across ? w : h)), px = (n) => Math.floor(n * k) + "px";
    img.style.width = px(w); img.style.height = px(h);
    img.style.transform = "translate(-50%, -50%) rotate(" + angle + "deg)";
    box.style.width = px(across ? h : w); box.style.height = px(across ? w : h);
    if (before) { st.scrollLeft = before.x * st.scrollWidth - st.clientWidth / 2; st.scrollTop = before.y * st.scrollHeight - st.clientHeight / 2; }
  }
  function zoom(way) { scale = way === "0" ? 1 : Math.min(8, Math.max(1, scale * (way === "+" ? 1.4 : 1 / 1.4))); draw(); }
  function turn(by) { angle = (angle + by + 360) % 360; draw(); }
  // v walks the picture: where amount, day and payee of a receipt usually stand, from top to bottom, and back to the whole.
  let step = 0;
  function walk() {
    const st = $(".stage"), img = shown(); if (!st || !img) { if (st) st.scrollBy({ top: st.clientHeight * 0.8 }); return; }
    step = (step + 1) % 4;
    if (step === 0) { zoom("0"); return; }
    scale = Math.max(scale, 1.96); draw();
    st.scrollLeft = (st.scrollWidth - st.clientWidth) / 2;
    st.scrollTop = ((st.scrollHeight - st.clientHeight) * (step - 1)) / 2;
  }
  // The wheel zooms while Ctrl is held, two clicks zoom in and out, and a zoomed picture is dragged.
  document.addEventListener("wheel", (e) => { if (e.ctrlKey && e.target.closest(".stage")) { e.preventDefault(); zoom(e.deltaY < 0 ? "+" : "-"); } }, { passive: false });
  document.addEventListener("dblclick", (e) => { if (e.target.matches(".stage img")) zoom(scale === 1 ? "+" : "0"); });
  document.addEventListener("pointerdown", (e) => {
    const st = e.target.matches(".stage.zoomed img") && e.pointerType === "mouse" && e.button === 0 && $(".stage"); if (!st) return;
    e.preventDefault();
    const move = (m) => { st.scrollLeft -= m.movementX; st.scrollTop -= m.movementY; }, up = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", up); };
    addEventListener("pointermove", move); addEventListener("pointerup", up);
  });
  function view(button) {
    $$("[data-view]").forEach((b) => b.setAttribute("aria-pressed", String(b === button)));
    $$(".stage [data-file]").forEach((el) => { el.hidden = el.dataset.file !== button.dataset.view; if (!el.hidden && el.dataset.src) { el.src = el.dataset.src; delete el.dataset.src; } });
    scale = 1; angle = 0; step = 0; draw();
  }

  // --- parts of a picture are blacked out by dragging over it; what is sent is the list of them, which can be typed as well
  function blackout(box) {
    const list = $(box.dataset.blackout), pick = $(box.dataset.of), sheet = $(".sheet", box), img = $("img", sheet);
    const rects = () => list.value.split(/[\n;；]+/).map((l) => l.match(/\d+/g)).filter((v) => v && v.length === 4).map((v) => v.map(Number));
    const mark = ([x, y, w, h]) => { const d = document.createElement("div"); d.style.cssText = `left:${x}%;top:${y}%;width:${w}%;height:${h}%`; sheet.append(d); return d; };
    const paint = () => { $$("div", sheet).forEach((d) => d.remove()); rects().forEach(mark); };
    const load = () => { img.src = "/desk/files/" + pick.value + "/view"; };
    // Whole per cents that hold all of what was dragged over.
    const between = (a, b) => { const x = Math.floor(Math.min(a.x, b.x)), y = Math.floor(Math.min(a.y, b.y)); return [x, y, Math.max(1, Math.ceil(Math.max(a.x, b.x)) - x), Math.max(1, Math.ceil(Math.max(a.y, b.y)) - y)]; };
    const at = (e) => { const r = sheet.getBoundingClientRect(), in100 = (v, of) => Math.min(100, Math.max(0, (v / of) * 100)); return { x: Math.min(99, in100(e.clientX - r.left, r.width)), y: Math.min(99, in100(e.clientY - r.top, r.height)), full: { x: in100(e.clientX - r.left, r.width), y: in100(e.clientY - r.top, r.height) } }; };
    box.classList.remove("off");
    box.closest("details").addEventListener("toggle", (e) => { if (e.target.open && !img.getAttribute("src")) load(); paint(); });
    if (box.closest("details").open) { load(); paint(); }
    pick.addEventListener("change", () => { list.value = ""; load(); paint(); }); // what was marked belongs to the other picture
    list.addEventListener("input", paint);
    $("[data-unblack]", box).addEventListener("click", () => { list.value = rects().slice(0, -1).map((v) => v.join(",")).join("\n"); paint(); });
    sheet.addEventListener("pointerdown", (e) => {
      if (e.button !== 0 || !e.isPrimary || !img.naturalWidth) return;
      e.preventDefault(); sheet.setPointerCapture(e.pointerId);
      const from = at(e), d = mark([from.x, from.y, 0, 0]), mine = (m) => m.pointerId === e.pointerId; // a second finger draws nothing
      const move = (m) => { if (!mine(m)) return; const [x, y, w, h] = between(from, at(m).full); d.style.cssText = `left:${x}%;top:${y}%;width:${w}%;height:${h}%`; };
      const end = (m) => {
        if (!mine(m)) return;
        sheet.removeEventListener("pointermove", move); sheet.removeEventListener("pointerup", end); sheet.removeEventListener("pointercancel", end);
        const to = at(m).full;
        if (m.type === "pointerup" && (Math.abs(to.x - from.x) >= 1 || Math.abs(to.y - from.y) >= 1)) list.value = rects().concat([between(from, to)]).map((v) => v.join(",")).join("\n");
        paint();
      };
      sheet.addEventListener("pointermove", move); sheet.addEventListener("pointerup", end); sheet.addEventListener("pointercancel", end);
    });
  }

  // --- the way through the desk: where one is stays in sight
  const side = $(".side"), here = side && $("[aria-current]", side);
  if (here) side.scrollTop = Math.max(0, here.offsetTop + here.offsetHeight + 40 - side.offsetTop - side.clientHeight);

  // --- live: new receipts and messages appear without reload
  function live() {
    const from = document.body.dataset.live;
    if (!from || !window.EventSource) return;
    const es = new EventSource(from);
    es.addEventListener("state", (e) => {
      const v = JSON.parse(e.data);
      $$("[data-live-count]").forEach((el) => { const n = v[el.dataset.liveCount] || 0; el.hidden = !n; el.textContent = n > 99 ? "99+" : n; el.setAttribute("aria-label", n + el.dataset.unit); });
      const last = document.body.dataset.mark;
      document.body.dataset.mark = v.mark;
      // A form that came back has no mark: what arrived meanwhile is not known.
      if (last !== v.mark) document.body.dispatchEvent(new CustomEvent("desk:changed"));
    });
    window.addEventListener("pagehide", () => es.close());
  }

  // --- terms: keep the explanation inside the window
  document.addEventListener("mouseover", place); document.addEventListener("focusin", place);
  function place(e) {
    const term = e.target.closest && e.target.closest(".term"); if (!term) return;
    const tip = $(".tip", term), at = $(".term-name", term).getBoundingClientRect();
    tip.style.left = Math.max(8, Math.min(at.left, innerWidth - tip.offsetWidth - 8)) + "px";
    tip.style.top = (at.bottom + tip.offsetHeight + 8 > innerHeight ? Math.max(8, at.top - tip.offsetHeight - 4) : at.bottom + 4) + "px";
  }
  document.addEventListener("click", (e) => $$("details.menu[open]").forEach((d) => { if (!d.contains(e.target)) d.open = false; }));

  // --- a long check tells how far it is
  document.addEventListener("click", (e) => {
    const b = e.target.closest("[data-stream]"); if (!b || b.disabled) return;
    const out = $(b.dataset.into), bar = $("progress", out), text = $("p", out);
    b.disabled = true; out.hidden = false; bar.hidden = false; text.textContent = "正在检查……";
    const es = new EventSource(b.dataset.stream), end = (t) => { es.close(); b.disabled = false; bar.hidden = true; text.textContent = t; };
    es.addEventListener("progress", (m) => { const v = JSON.parse(m.data); bar.max = v.all || 1; bar.value = v.walked; text.textContent = "已检查 " + v.walked + " / " + v.all + " 条"; });
    es.addEventListener("finished", (m) => { const v = JSON.parse(m.data); end(v.Break ? "第 " + v.Break + " 条记录与审计链不符，请立即保全数据库并报告！" : "审计链完整，共 " + v.Links + " 条。末端值：" + v.Head); });
    es.addEventListener("failed", (m) => end(JSON.parse(m.data)));
    es.onerror = () => end("检查中断，请稍后重试。");
  });

  // --- a form that starts a long job: how much arrived, how far it is, and what came out
  document.addEventListener("submit", (e) => {
    const f = e.target; if (f.dataset.job === undefined || !window.XMLHttpRequest) return;
    e.preventDefault();
    const out = $(f.dataset.job), job = $("#job"), bar = $("progress", job), text = $("p", job), body = new FormData(f);
    if (e.submitter && e.submitter.name) body.append(e.submitter.name, e.submitter.value);
    const x = new XMLHttpRequest(), buttons = $$("button", f).concat($$(`button[form="${f.id}"]`));
    const far = (t, n, all) => { text.textContent = t; if (all) { bar.max = all; bar.value = n; } else bar.removeAttribute("value"); };
    const end = (html, sentence) => { job.hidden = true; buttons.forEach((b) => (b.disabled = false)); if (html !== null) out.innerHTML = html; else { out.textContent = ""; const p = document.createElement("p"); p.className = "problem"; p.setAttribute("role", "alert"); p.textContent = sentence; out.append(p); } };
    let read = 0, html = null;
    const take = () => { // whole events only
      for (let i; (i = x.responseText.indexOf("\n\n", read)) >= 0; read = i + 2) {
        const m = /^event: (\w+)\ndata: (.*)$/s.exec(x.responseText.slice(read, i)); if (!m) continue;
        const v = JSON.parse(m[2]);
        if (m[1] === "progress") far(v.step + "：" + v.walked + " / " + v.all, v.walked, v.all); else html = v;
      }
    };
    x.upload.onprogress = (p) => { if (p.lengthComputable && p.loaded < p.total) far("正在上传……", p.loaded, p.total); else far("正在读取表格……"); };
    x.onprogress = take;
    x.onload = () => {
      if (x.getResponseHeader("HX-Redirect")) { location.href = x.getResponseHeader("HX-Redirect"); return; }
      if ((x.getResponseHeader("Content-Type") || "").startsWith("text/event-stream")) { take(); end(html, "没有完成，请稍后重试。"); } else end(x.responseText, "");
    };
    x.onerror = () => end(null, "网络中断，没有完成。请检查网络后重试，重复导入不会产生重复的案件。");
    buttons.forEach((b) => (b.disabled = true)); out.textContent = ""; job.hidden = false; far("正在上传……");
    x.open("POST", f.action); x.setRequestHeader("HX-Request", "true"); x.send(body);
  });

  function charts() {
    if (!window.echarts) return;
    $$("[data-chart]").forEach((el) => {
      const spec = JSON.parse(document.getElementById(el.dataset.chart).textContent);
      const chart = echarts.init(el, null, { renderer: "canvas" });
      spec.tooltip = Object.assign({ renderMode: "richText" }, spec.tooltip);
      spec.textStyle = { fontFamily: getComputedStyle(document.body).fontFamily };
      chart.setOption(spec);
      chart.on("click", (p) => { if (p.data && p.data.href) location.href = p.data.href; });
      addEventListener("resize", () => chart.resize());
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    watchForms(); undoes(); names(); sifts(); live(); keysState(); charts(); $$("[data-blackout]").forEach(blackout);
    const faults = $("#faults"), wrong = $("[aria-invalid=true]");
    if (faults) faults.focus(); else if (wrong) wrong.focus();
  });
})();
