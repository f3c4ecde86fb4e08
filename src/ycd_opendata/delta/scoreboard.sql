-- What was promised and what came of it, one row a target, as of the day of this release.
-- The verdicts are those of ycd_opendata.delta.verdicts; its columns are described like those
-- of any other table.
CREATE VIEW scoreboard AS
WITH
paired AS (
  SELECT
    t.*, h.comparability, h.bound, h.reason_zh, h.reason_en, h.outcome_id,
    o.indicator_id AS outcome_indicator_id,
    o.comparator AS outcome_comparator, o.value AS outcome_value,
    o.value_upper AS outcome_value_upper, o.period_start AS outcome_period_start,
    o.period_end AS outcome_period_end, o.status AS outcome_status, o.phrase AS outcome_phrase,
    o.source_id AS outcome_source_id,
    i.name_zh AS indicator_name_zh, i.name_en AS indicator_name_en, i.family, i.domain_id,
    i.unit_id, i.scope_zh, i.scope_en, i.direction
  FROM targets AS t
  JOIN indicators AS i USING (indicator_id)
  LEFT JOIN assessments AS h ON h.target_id = t.target_id
  LEFT JOIN outcomes AS o ON o.outcome_id = h.outcome_id
),
ranges AS (
  -- The figures that each statement allows; 9e999 is without bound.
  SELECT
    *,
    CASE WHEN comparator IN ('le', 'lt') THEN -9e999
      WHEN comparator = 'about' THEN value - abs(value) * $about ELSE value END AS low,
    CASE WHEN comparator IN ('ge', 'gt') THEN 9e999
      WHEN comparator = 'about' THEN value + abs(value) * $about
      WHEN comparator = 'between' THEN coalesce(value_upper, value) ELSE value END AS high,
    CASE WHEN outcome_comparator IN ('le', 'lt') OR bound = 'at_most' THEN -9e999
      ELSE outcome_value END AS outcome_low,
    CASE WHEN outcome_comparator IN ('ge', 'gt') OR bound = 'at_least' THEN 9e999
      WHEN outcome_comparator = 'between' THEN coalesce(outcome_value_upper, outcome_value)
      ELSE outcome_value END AS outcome_high
  FROM paired
),
bounds AS (
  -- A target is held to one end of its range. Where that is the high end, signs are turned.
  SELECT
    *,
    CASE WHEN held_to_high THEN -high ELSE low END AS floor,
    CASE WHEN held_to_high THEN comparator = 'lt' ELSE comparator = 'gt' END AS is_open,
    CASE WHEN held_to_high THEN -outcome_high ELSE outcome_low END AS least,
    CASE WHEN held_to_high THEN -outcome_low ELSE outcome_high END AS most,
    CASE WHEN held_to_high THEN outcome_comparator = 'lt'
      ELSE outcome_comparator = 'gt' END AS least_open,
    CASE WHEN held_to_high THEN outcome_comparator = 'gt'
      ELSE outcome_comparator = 'lt' END AS most_open
  FROM (
    SELECT *, low = -9e999 OR (direction = 'less' AND high <> 9e999) AS held_to_high FROM ranges
  )
),
judged AS (
  SELECT
    *,
    coalesce($last_day < $released_on, 0) AS is_due,
    CASE
      WHEN least > floor OR (least = floor AND (NOT is_open OR least_open)) THEN 'met'
      WHEN most > floor OR (most = floor AND NOT is_open AND NOT most_open) THEN NULL
      ELSE 'missed'
    END AS decision
  FROM bounds
),
decided AS (
  SELECT
    *,
    CASE
      WHEN comparability = 'full' OR (is_due AND bound IS NOT NULL)
        THEN coalesce(decision, 'not_comparable')
      WHEN NOT is_due THEN 'not_yet_due'
      WHEN outcome_id IS NULL THEN 'no_outcome'
      ELSE 'not_comparable'
    END AS verdict,
    CASE
      WHEN decision IS NOT NULL AND (comparability = 'full' OR (is_due AND bound IS NOT NULL))
        THEN CASE WHEN bound IN ('at_least', 'at_most') THEN 'bound' ELSE 'exact' END
    END AS decided_by,
    CASE
      WHEN outcome_value IS NULL OR comparability = 'none' OR value <= 0 OR outcome_value <= 0
        OR (outcome_indicator_id <> indicator_id AND bound IS NULL) THEN NULL
      WHEN direction = 'more' THEN CAST(printf('%.15g', 100 * (outcome_value / value)) AS REAL)
      ELSE CAST(printf('%.15g', 100 * (value / outcome_value)) AS REAL)
    END AS share_reached
  FROM judged
),
chosen AS (
  -- Of several outcomes: one that is fully comparable, one that decides, the most comparable.
  SELECT *, row_number() OVER (
    PARTITION BY target_id
    ORDER BY CASE
      WHEN comparability = 'full' THEN 0
      WHEN decided_by IS NOT NULL THEN 1
      WHEN comparability = 'partial' THEN 2
      ELSE 3 END, outcome_id
  ) AS place
  FROM decided
),
searched AS (
  -- The latest search of each target.
  SELECT target_id, max(searched_on) AS searched_on, where_zh AS searched_where_zh,
    where_en AS searched_where_en, found AS search_found
  FROM searches
  GROUP BY target_id
),
wide AS (
  SELECT
    j.*,
    r.name_zh AS region_name_zh, r.name_en AS region_name_en,
    n.name_zh AS initiative_name_zh, n.name_en AS initiative_name_en,
    u.name_zh AS unit_name_zh, u.name_en AS unit_name_en,
    s.title_zh AS source_title_zh, s.title_en AS source_title_en, s.url AS source_url,
    s.reliability AS source_reliability,
    w.title_zh AS outcome_source_title_zh, w.title_en AS outcome_source_title_en,
    w.url AS outcome_source_url, w.reliability AS outcome_source_reliability,
    l.outlook, f.searched_on, f.searched_where_zh, f.searched_where_en, f.search_found
  FROM chosen AS j
  JOIN regions AS r ON r.region_id = j.region_id
  JOIN initiatives AS n ON n.initiative_id = j.initiative_id
  JOIN sources AS s ON s.source_id = j.source_id
  JOIN units AS u ON u.unit_id = j.unit_id
  LEFT JOIN sources AS w ON w.source_id = j.outcome_source_id
  LEFT JOIN outlooks AS l ON l.target_id = j.target_id
  LEFT JOIN searched AS f ON f.target_id = j.target_id
  WHERE j.place = 1
)
-- Of partial dates such as 2022 or 2022-01, the earliest and the latest day that they allow.
SELECT
  $columns
FROM wide
ORDER BY target_id
