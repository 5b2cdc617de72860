-- A copy of the database must reach no supplier: no key, no address, no open line, nothing scheduled.
UPDATE dropship_connection
   SET secret = NULL, access_account = NULL, access_token = NULL, access_refresh = NULL, access_until = NULL,
       push_token = NULL, push_token_hash = NULL, push_secret = NULL, push_secret_old = NULL, service_customer = NULL,
       endpoint = CASE WHEN endpoint IS NULL THEN NULL ELSE 'https://neutralized.invalid' END,
       access_address = CASE WHEN access_address IS NULL THEN NULL ELSE 'https://neutralized.invalid' END,
       private_allowed = false,
       active = false;
UPDATE ir_cron
   SET active = false
 WHERE id IN (SELECT res_id FROM ir_model_data WHERE model = 'ir.cron' AND module LIKE 'dropship_flow%');
DELETE FROM ir_config_parameter
 WHERE key = 'dropship_flow.health_token';
