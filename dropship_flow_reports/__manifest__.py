{
    "name": "Dropship Flow Reports",
    "summary": "Profit of dropshipped orders that ties to the general ledger; costs, cash, tax and the monthly pack",
    "version": "19.0.1.1.0",
    "category": "Supply Chain",
    "license": "LGPL-3",
    "author": "Dropship Flow",
    "depends": ["dropship_flow", "spreadsheet_dashboard_account", "website_links"],
    "data": [
        "security/reports_security.xml",
        "security/profit/ir.model.access.csv",
        "security/profit_rules.xml",
        "data/profit_data.xml",
        "views/menus.xml",
        "views/profit_views.xml",
        "views/profit_order_views.xml",
        "views/profit_reconcile_views.xml",
    ],
}
