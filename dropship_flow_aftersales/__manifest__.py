{
    "name": "Dropship Flow After-sales",
    "summary": "The after-sales floor of Dropship Flow: groups for service agents",
    "version": "19.0.1.0.0",
    "category": "Supply Chain",
    "license": "LGPL-3",
    "author": "Dropship Flow",
    "depends": ["dropship_flow", "repair", "sale_loyalty", "mass_mailing"],
    "data": ["security/aftersales_security.xml"],
    "demo": ["demo/agent.xml"],
}
