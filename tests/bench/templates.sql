-- A million templates beside those of the demo brand; half of them evaluated, scored or used.
PRAGMA synchronous=OFF;
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i<999999)
INSERT INTO templates (id,name,category,awareness_level,target_sex,required_assets,detected_at)
SELECT printf('bench-%07d',i),'t',CASE i%4 WHEN 0 THEN 'ugc' WHEN 1 THEN 'static' WHEN 2 THEN 'review' ELSE 'offer' END,i%5+1,CASE i%3 WHEN 0 THEN 'male' WHEN 1 THEN 'female' ELSE 'unisex' END,CASE i%4 WHEN 0 THEN '[]' WHEN 1 THEN '["logo"]' WHEN 2 THEN '["logo","badge"]' ELSE '["product"]' END,'2026-01-01T00:00:00.000000Z' FROM n;
INSERT INTO template_evaluations (template_id,d1,d2,d3,d4,d5,d6) SELECT id,1,2,3,0,1,1 FROM templates WHERE id LIKE 'bench-%' AND awareness_level%2=0;
INSERT INTO template_usage (brand_id,ad_run_id,product_id,template_id,persona_id,used_at) SELECT 'demo-brand','r'||id,'demo-ridge',id,'','2026-02-01T00:00:00.000000Z' FROM templates WHERE id LIKE 'bench-%' AND awareness_level%2=1;
INSERT INTO element_scores (brand_id,product_id,dimension,value,alpha,beta,observations,updated_at) SELECT 'demo-brand','','template_id',id,3.0,2.0,3,'2026-02-01T00:00:00.000000Z' FROM templates WHERE id LIKE 'bench-%' AND awareness_level%2=0;
COMMIT;
