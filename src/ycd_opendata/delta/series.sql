-- Every figure, promised or reported, as one row; of each cell (kind, indicator, region, period)
-- one is preferred. The rules are those of ycd_opendata.delta.series.
CREATE VIEW series AS
WITH
figures AS (
  SELECT 'outcome' AS kind, outcome_id AS record_id, indicator_id, region_id, comparator, value,
    value_upper, period_start, period_end, status, 0 AS superseded, source_id
  FROM outcomes
  UNION ALL
  SELECT 'target', target_id, indicator_id, region_id, comparator, value,
    value_upper, period_start, due_on, NULL, superseded_by IS NOT NULL, source_id
  FROM targets
),
days AS (
  SELECT
    *,
    CASE WHEN period_end IS NOT NULL THEN $first_of_period END AS first_day,
    $last_of_period AS last_day
  FROM figures
),
spans AS (
  SELECT
    *,
    12 * (substr(last_day, 1, 4) - substr(first_day, 1, 4))
      + substr(last_day, 6, 2) - substr(first_day, 6, 2) + 1 AS months,
    substr(first_day, 6, 2) - 1 AS months_before,
    substr(first_day, 9) = '01' AND substr(date(last_day, '+1 day'), 9) = '01' AS is_whole
  FROM days
),
kinds AS (
  SELECT
    *,
    CASE
      WHEN period_end IS NULL THEN NULL
      WHEN period_start IS NULL
        THEN CASE length(period_end) WHEN 4 THEN 'year' WHEN 7 THEN 'month' ELSE 'day' END
      WHEN first_day = last_day THEN 'day'
      WHEN NOT is_whole OR months_before % months <> 0 THEN 'other'
      WHEN months = 12 THEN 'year'
      WHEN months = 6 THEN 'half'
      WHEN months = 3 THEN 'quarter'
      WHEN months = 1 THEN 'month'
      ELSE 'other'
    END AS period_kind
  FROM spans
),
periods AS (
  SELECT
    *,
    CASE period_kind
      WHEN 'year' THEN substr(last_day, 1, 4)
      WHEN 'half' THEN substr(last_day, 1, 4) || '-H' || (1 + months_before / 6)
      WHEN 'quarter' THEN substr(last_day, 1, 4) || '-Q' || (1 + months_before / 3)
      WHEN 'month' THEN substr(last_day, 1, 7)
      WHEN 'day' THEN last_day
      ELSE period_start || '/' || period_end
    END AS period
  FROM kinds
),
ranked AS (
  SELECT
    p.*, s.title_zh AS source_title_zh, s.title_en AS source_title_en, s.url AS source_url,
    s.reliability AS source_reliability, coalesce(s.published_on, '') AS published_on,
    CASE s.reliability WHEN 'official' THEN 0 WHEN 'state_media' THEN 1 WHEN 'reprint' THEN 2
      ELSE 3 END AS by_reliability,
    coalesce(p.status <> 'final', 1) AS by_status,
    comparator <> 'eq' AND p.kind = 'outcome' AS by_comparator
  FROM periods AS p
  JOIN sources AS s USING (source_id)
),
ordered AS (
  SELECT
    *,
    row_number() OVER cell AS place,
    lead(record_id) OVER cell AS next_id,
    lead(superseded) OVER cell AS next_superseded,
    lead(by_reliability) OVER cell AS next_reliability,
    lead(by_status) OVER cell AS next_status,
    lead(by_comparator) OVER cell AS next_comparator,
    lead(published_on) OVER cell AS next_published_on
  FROM ranked
  WINDOW cell AS (
    PARTITION BY kind, indicator_id, region_id, period
    ORDER BY superseded, by_reliability, by_status, by_comparator, published_on DESC, record_id
  )
),
wide AS (
  SELECT
    o.*,
    i.name_zh AS indicator_name_zh, i.name_en AS indicator_name_en, i.family, i.domain_id,
    i.measure, i.price_basis, i.scope_zh, i.scope_en, i.unit_id,
    r.name_zh AS region_name_zh, r.name_en AS region_name_en,
    u.name_zh AS unit_name_zh, u.name_en AS unit_name_en, u.base_unit_id,
    CAST(printf('%.15g', o.value * u.factor) AS REAL) AS base_value,
    CASE WHEN o.value_upper IS NOT NULL
      THEN CAST(printf('%.15g', o.value_upper * u.factor) AS REAL) END AS base_value_upper,
    CAST(substr(last_day, 1, 4) AS INTEGER) AS year,
    place = 1 AS preferred,
    CASE
      WHEN place > 1 THEN NULL
      WHEN next_id IS NULL THEN 'only_figure'
      WHEN superseded <> next_superseded THEN 'not_superseded'
      WHEN by_reliability <> next_reliability THEN 'reliability'
      WHEN by_status <> next_status THEN 'status'
      WHEN by_comparator <> next_comparator THEN 'comparator'
      WHEN published_on <> next_published_on THEN 'published_on'
      ELSE 'id'
    END AS preferred_because
  FROM ordered AS o
  JOIN indicators AS i USING (indicator_id)
  JOIN units AS u USING (unit_id)
  JOIN regions AS r USING (region_id)
)
SELECT
  $columns
FROM wide
ORDER BY kind, record_id
