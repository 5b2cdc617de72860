import { patch } from "@web/core/utils/patch";
import { WebsiteSale } from "@website_sale/interactions/website_sale";

/** The words about stock follow the chosen variant; what is not to be had cannot be put into the cart. */
patch(WebsiteSale.prototype, {
    _onChangeCombination(ev, parent, combination) {
        super._onChangeCombination(...arguments);
        const box = parent.closest("#product_details, #product_detail")?.querySelector(".o_dropship_stock");
        if (!box || !parent.matches(".js_main_product")) {
            return;
        }
        const stock = combination.dropship_stock;
        box.innerHTML = stock?.html || ""; // rendered by the server, escaped there
        box.classList.toggle("d-none", !stock);
        const wrapper = parent.querySelector("#o_wsale_cta_wrapper");
        if (!stock || combination.is_storable) {
            if (!combination.is_storable) {
                wrapper?.classList.remove("d-none");
            }
            return; // core says what is left of our own
        }
        wrapper?.classList.toggle("d-none", !stock.orderable || stock.most === 0);
        const input = parent.querySelector("input[name='add_qty']");
        if (!input) {
            return;
        }
        if (stock.most > 0) {
            input.dataset.max = stock.most;
            if (parseFloat(input.value) > stock.most) {
                input.value = stock.most;
            }
        } else {
            delete input.dataset.max;
        }
    },
});
