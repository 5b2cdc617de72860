import { Interaction } from "@web/public/interaction";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const TEXTS = ["name", "phone", "email", "street", "street2", "dropship_district", "city", "zip"];

/** Splits a pasted address into the fields of the form around it; the customer sees and corrects the result. */
export class AddressPaste extends Interaction {
    static selector = ".o_dropship_paste";
    dynamicContent = {
        ".o_dropship_paste_split": { "t-on-click.prevent": this.locked(this.onSplit, true) },
    };

    setup() {
        this.form = this.el.closest("form");
        this.message = this.el.querySelector(".o_dropship_paste_message");
    }

    async onSplit() {
        const text = this.el.querySelector("textarea").value;
        if (!text.trim()) {
            return;
        }
        const country = this.form.elements.country_id;
        const answer = await this.waitFor(
            rpc("/dropship/address/parse", { text, country_id: parseInt(country?.value) || null })
        );
        this.say(answer.error || (answer.unknown.length ? this.el.dataset.unknown : this.el.dataset.done));
        if (!answer.error) {
            this.fill(answer.values);
            await this.fillPlace(answer.values, country);
        }
    }

    say(text) {
        this.message.textContent = text;
    }

    fill(values) {
        for (const name of TEXTS) {
            const input = this.form.elements[name];
            const kept = ["name", "phone", "email"].includes(name) && !values[name];
            if (input && !input.readOnly && !kept) {
                input.value = values[name] || "";
            }
        }
    }

    /** Choosing a country loads its states: the state is chosen once it is there. */
    async fillPlace(values, country) {
        const fixed = !country || country.type === "hidden" || country.classList.contains("pe-none");
        if (!fixed && values.country_id && country.value !== String(values.country_id)) {
            country.value = String(values.country_id);
            country.dispatchEvent(new Event("change", { bubbles: true }));
        }
        const state = this.form.elements.state_id;
        if (!state || !values.state_id) {
            return;
        }
        const wanted = String(values.state_id);
        for (let tries = 0; tries < 50; tries++) {
            if ([...state.options].some((option) => option.value === wanted)) {
                state.value = wanted;
                state.dispatchEvent(new Event("change", { bubbles: true }));
                return;
            }
            await this.pause(100);
        }
    }

    pause(delay) {
        return this.waitFor(new Promise((resolve) => setTimeout(resolve, delay)));
    }
}

/** The district is asked for where addresses have one. */
export class AddressDistrict extends Interaction {
    static selector = ".o_dropship_district";

    start() {
        const country = this.el.closest("form").elements.country_id;
        if (country && country.options) {
            this.country = country;
            this.addListener(country, "change", this.toggle.bind(this));
            this.toggle();
        }
    }

    toggle() {
        const code = this.country.selectedOptions[0]?.getAttribute("code");
        const filled = Boolean(this.el.querySelector("input").value);
        this.el.classList.toggle("d-none", code !== "CN" && !filled);
    }
}

registry.category("public.interactions").add("dropship_flow.address_paste", AddressPaste);
registry.category("public.interactions").add("dropship_flow.address_district", AddressDistrict);
