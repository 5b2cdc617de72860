import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** Which fapiao a customer wants: what does not apply is hidden, what is complete is kept at once. */
export class Fapiao extends Interaction {
    static selector = ".o_dropship_fapiao";
    dynamicContent = {
        "input[name=fapiao_kind]": { "t-on-change": this.onKind },
        "input[name=fapiao_who]": { "t-on-change": this.onChange },
        "input[data-name]": { "t-on-change": this.onChange },
        ".o_fapiao_known": { "t-on-change.withTarget": this.onKnown },
        ".o_fapiao_save": { "t-on-click": this.save },
        ".o_fapiao_fields": { "t-att-class": () => ({ "d-none": this.kind === "none" }) },
        ".o_fapiao_who": { "t-att-class": () => ({ "d-none": this.kind === "special" }) },
        ".o_fapiao_of_company": { "t-att-class": () => ({ "d-none": this.who === "person" }) },
        ".o_fapiao_of_special": { "t-att-class": () => ({ "d-none": this.kind !== "special" }) },
        ".o_fapiao_state": {
            "t-out": () => this.state,
            "t-att-class": () => ({ "text-danger": this.failed, "text-success": !this.failed }),
        },
    };

    setup() {
        this.state = "";
        this.failed = false;
    }

    get kind() {
        return this.el.querySelector("input[name=fapiao_kind]:checked")?.value || "none";
    }

    get who() {
        if (this.kind === "special") {
            return "company";
        }
        return this.el.querySelector("input[name=fapiao_who]:checked")?.value || "company";
    }

    values() {
        const values = { kind: this.kind, who: this.who };
        for (const input of this.el.querySelectorAll("input[data-name]")) {
            values[input.dataset.name] = input.value;
        }
        return values;
    }

    onKind() {
        // A wish without a title is a wish: it is kept, and the name of the customer stands on it.
        if (this.kind === "special") {
            this.state = "";
            return;
        }
        return this.save();
    }

    /** Half a title is no error yet: it is kept once it is whole. */
    onChange() {
        const values = this.values();
        const wanted = ["name"];
        if (this.who === "company") {
            wanted.push("tax_number");
        }
        if (this.kind === "special") {
            wanted.push("address", "phone", "bank", "account");
        }
        if (wanted.every((name) => values[name].trim())) {
            return this.save();
        }
        this.state = "";
    }

    onKnown(ev, select) {
        if (!select.value) {
            return;
        }
        const known = JSON.parse(select.value);
        for (const input of this.el.querySelectorAll("input[data-name]")) {
            input.value = known[input.dataset.name] || "";
        }
        this.el.querySelector(`input[name=fapiao_who][value=${known.who}]`).checked = true;
        return this.onChange();
    }

    async save() {
        const params = { values: this.values(), access_token: this.el.dataset.token };
        // Kept alive: the next click may be the one that pays.
        const call = fetch(this.el.dataset.url, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ jsonrpc: "2.0", method: "call", params }),
            keepalive: true,
        });
        const answer = await this.waitFor(call.then((response) => response.json()).catch(() => ({})));
        const result = answer.result || {};
        this.failed = !result.saved;
        const words = this.el.querySelector(result.saved ? ".o_fapiao_saved" : ".o_fapiao_failed");
        this.state = result.error || words.textContent;
        this.updateContent();
    }
}

registry.category("public.interactions").add("dropship_flow.fapiao", Fapiao);
