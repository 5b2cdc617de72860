import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { MonetaryField, monetaryField } from "@web/views/fields/monetary/monetary_field";
import { xml } from "@odoo/owl";

/** An amount of a list that opens what is behind it: the record's `action_open_cell(name of the field)`. */
export class ProfitCellField extends MonetaryField {
    static template = xml`
        <button t-if="props.record.data[props.name]" type="button" class="btn btn-link p-0 text-end"
                t-on-click.stop="open" t-esc="formattedValue"/>
        <span t-else="" class="text-muted" t-esc="formattedValue"/>`;

    setup() {
        super.setup();
        this.action = useService("action");
    }

    open() {
        const { resModel, resId } = this.props.record;
        const args = JSON.stringify([this.props.name]);
        return this.action.doActionButton({ type: "object", name: "action_open_cell", resModel, resId, args });
    }
}

registry.category("fields").add("profit_cell", { ...monetaryField, component: ProfitCellField });
