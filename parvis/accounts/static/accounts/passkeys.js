/* Passkeys (W3C Web Authentication, Level 3). Every page that uses this also has a way without it. */

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/* Browsers before 2025 lack the JSON helpers of Level 3. */
const creationOptions = (json) =>
  PublicKeyCredential.parseCreationOptionsFromJSON?.(json) ?? {
    ...json,
    challenge: bytes(json.challenge),
    user: { ...json.user, id: bytes(json.user.id) },
    excludeCredentials: json.excludeCredentials.map((one) => ({ ...one, id: bytes(one.id) })),
  };
const requestOptions = (json) =>
  PublicKeyCredential.parseRequestOptionsFromJSON?.(json) ?? {
    ...json,
    challenge: bytes(json.challenge),
    allowCredentials: (json.allowCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) })),
  };

const asJSON = (credential) => {
  const { response } = credential;
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    answer.attestationObject = text(response.attestationObject);
    answer.transports = response.getTransports?.() ?? [];
  } else {
    answer.authenticatorData = text(response.authenticatorData);
    answer.signature = text(response.signature);
    answer.userHandle = response.userHandle ? text(response.userHandle) : null;
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: {},
    response: answer,
  };
};

class Ceremony {
  constructor(root) {
    this.root = root;
    this.status = root.querySelector("[data-passkey-status]");
    this.waiting = null;
  }

  say(name) {
    this.status.textContent = this.root.querySelector(`template[data-said="${name}"]`).content.textContent;
  }

  async post(url, body) {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.root.dataset.csrf, Accept: "application/json" },
      body: JSON.stringify(body),
    });
    const type = answer.headers.get("Content-Type") ?? "";
    // Led elsewhere, or signed in meanwhile in another tab: the page itself knows where to go.
    if (answer.redirected || (answer.ok && !type.includes("json"))) {
      location.reload();
      return new Promise(() => {});
    }
    const content = type.includes("json") ? await answer.json() : {};
    if (!answer.ok) throw Object.assign(new Error("refused"), { said: content.detail || content.title });
    return content;
  }

  /** One ceremony at a time: a visible one takes the place of the one that waits in the field. */
  async run(mediation) {
    this.waiting?.abort();
    this.waiting = new AbortController();
    const { signal } = this.waiting;
    const options = await this.post(this.root.dataset.options, {});
    if (signal.aborted) return;
    const credential =
      this.root.dataset.passkey === "add"
        ? await navigator.credentials.create({ publicKey: creationOptions(options), signal })
        : await navigator.credentials.get({ publicKey: requestOptions(options), mediation, signal });
    const name = document.querySelector("#id_name")?.value;
    const { next } = await this.post(this.root.dataset.answer, { ...asJSON(credential), ...(name ? { name } : {}) });
    location.assign(next);
  }

  async try(mediation) {
    this.status.textContent = "";
    try {
      await this.run(mediation);
    } catch (error) {
      if (error.name === "AbortError") return;
      if (error.name === "InvalidStateError") this.say("known");
      else if (error.name === "NotAllowedError") {
        if (mediation !== "conditional") this.say("cancelled");
      } else if (error.said) this.status.textContent = error.said;
      else this.say("failed");
    }
  }
}

const explainHost = (ceremony) => {
  const link = document.createElement("a");
  const url = new URL(location.href);
  url.hostname = "localhost";
  link.href = url.href;
  link.textContent = url.origin;
  ceremony.say("host");
  ceremony.status.append(" ", link);
};

for (const root of document.querySelectorAll("[data-passkey]")) {
  const ceremony = new Ceremony(root);
  const isNumeric = /^[\d.]+$|^\[/.test(location.hostname);
  if (!window.PublicKeyCredential && !isNumeric) continue;
  root.hidden = false;
  root.querySelector("button").addEventListener("click", () => {
    if (isNumeric) explainHost(ceremony);
    else ceremony.try();
  });
  if (isNumeric || root.dataset.passkey !== "sign-in") continue;
  if (await PublicKeyCredential.isConditionalMediationAvailable?.()) ceremony.try("conditional");
}
