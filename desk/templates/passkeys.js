// Asks the browser for a passkey when the button of a form with data-passkey is pressed, and sends what it says.
// data-passkey: "create" or "get". data-options: what is asked, as JSON. The answer goes into the field .passkey.
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const named = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

function asked(kind, options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (kind === "get") return { publicKey: { ...publicKey, allowCredentials: named(options.allowCredentials) } };
  const user = { ...options.user, id: bytes(options.user.id) };
  return { publicKey: { ...publicKey, user, excludeCredentials: named(options.excludeCredentials) } };
}

function said(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = form.querySelector("[role=alert]");
    wrong.hidden = true;
    try {
      const kind = form.dataset.passkey;
      form.querySelector(".passkey").value = said(
        await navigator.credentials[kind](asked(kind, JSON.parse(form.dataset.options))));
      form.submit();
    } catch {
      wrong.hidden = false;
    }
  });
}
