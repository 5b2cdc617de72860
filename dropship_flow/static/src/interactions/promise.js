import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

/** The box that says when a product arrives: asked for the chosen variant and place, counts down to the cut-off. */
export class DeliveryPromise extends Interaction {
    static selector = ".o_dropship_promise";
    dynamicSelectors = {
        ...this.dynamicSelectors,
        _form: () => this.el.closest("#product_details, .js_product, form") || document.body,
    };
    dynamicContent = {
        ".o_dropship_promise_show": { "t-on-click": this.savePlace },
        ".o_dropship_promise_place": { "t-on-keydown": this.onKey },
        ".o_dropship_promise_country": { "t-on-change": () => this.showStates(true) },
        details: { "t-on-toggle": this.loadPlaces },
        _form: { "t-on-change": () => this.later() },
    };

    setup() {
        this.asked = this.el.querySelector(".o_dropship_promise_text").children.length ? this.productId() : null;
    }

    start() {
        this.ask();
        this.countDown();
        const timer = setInterval(() => this.countDown(), 30000);
        this.registerCleanup(() => clearInterval(timer));
    }

    productId() {
        const input = this.el.closest("#product_details, .js_product")?.querySelector("input.product_id");
        return parseInt(input?.value || this.el.dataset.productId);
    }

    /** The shop finds the variant after a change; it is asked for a moment later. */
    later() {
        this.waitForTimeout(() => this.ask(), 700);
    }

    async ask(again = false) {
        const productId = this.productId();
        if (!productId || (productId === this.asked && !again)) {
            return;
        }
        this.asked = productId;
        const answer = await this.waitFor(rpc("/shop/promise", { product_id: productId }).catch(() => ({})));
        const text = this.el.querySelector(".o_dropship_promise_text");
        text.innerHTML = answer.html || ""; // rendered by the server, escaped there
        this.el.classList.toggle("d-none", !answer.html && !this.el.dataset.always);
        this.countDown();
    }

    onKey(ev) {
        if (ev.key === "Enter" && ev.target.matches("input")) {
            ev.preventDefault(); // it would put the product into the cart
            this.savePlace();
        }
    }

    async savePlace() {
        const fields = [...this.el.querySelectorAll("[data-field]")];
        const data = Object.fromEntries(fields.map((field) => [field.dataset.field, field.value]));
        const failed = this.el.querySelector(".o_dropship_promise_error");
        const answer = await this.waitFor(
            rpc("/shop/promise/place", data).catch(() => ({ error: failed.dataset.failed }))
        );
        failed.textContent = answer.error || "";
        if (answer.saved) {
            this.el.querySelector("details").open = false;
            await this.ask(true);
        }
    }

    /** Countries and provinces are loaded when the visitor wants to choose, not with every page. */
    async loadPlaces() {
        const countries = this.el.querySelector(".o_dropship_promise_country");
        if (countries.options.length || !this.el.querySelector("details").open) {
            return;
        }
        const places = await this.waitFor(rpc("/shop/promise/places", {}));
        this.fill(countries, places.countries, places.place.country_id);
        this.el.querySelector("[data-field=zip]").value = places.place.zip || "";
        this.fillStates(places.states, places.place.state_id);
    }

    async showStates() {
        const countryId = this.el.querySelector(".o_dropship_promise_country").value;
        const places = await this.waitFor(rpc("/shop/promise/places", { country_id: countryId }));
        this.fillStates(places.states, 0);
    }

    fillStates(states, chosen) {
        const select = this.el.querySelector(".o_dropship_promise_state");
        this.fill(select, [["", ""], ...states], chosen);
        select.closest(".o_dropship_promise_states").classList.toggle("d-none", !states.length);
    }

    fill(select, rows, chosen) {
        select.replaceChildren(...rows.map(([id, name]) => new Option(name, id, false, id === chosen)));
    }

    countDown() {
        for (const el of this.el.querySelectorAll("[data-seconds]")) {
            if (!el.dataset.end) {
                el.dataset.end = Date.now() + el.dataset.seconds * 1000;
            }
            const minutes = Math.floor((el.dataset.end - Date.now()) / 60000);
            if (minutes < 0) {
                el.classList.add("d-none");
                delete el.dataset.seconds;
                this.ask(true);
                continue;
            }
            const hours = Math.floor(minutes / 60);
            el.querySelector(".o_dropship_promise_hours").textContent = hours;
            el.querySelector(".o_dropship_promise_minutes").textContent = minutes % 60;
            el.classList.toggle("d-none", hours > 23);
        }
    }
}

registry.category("public.interactions").add("dropship_flow.promise", DeliveryPromise);
