-- What was promised and what came of it, one row a target, as of the day of this release.
-- The verdicts are those of ycd_opendata.loader.verdicts; its columns are described like those
-- of any other table.
CREATE VIEW scoreboard AS
WITH
held AS (
  -- The one assessment of each target that is shown: the most comparable.
  SELECT *, row_number() OVER (
    PARTITION BY target_id
    ORDER BY CASE comparability WHEN 'full' THEN 0 WHEN 'partial' THEN 1 ELSE 2 END, outcome_id
  ) AS place
  FROM assessments
),
paired AS (
  SELECT
    t.*, h.comparability, h.reason_en, h.outcome_id,
    o.comparator AS outcome_comparator, o.value AS outcome_value,
    o.value_upper AS outcome_value_upper, o.period_start AS outcome_period_start,
    o.period_end AS outcome_period_end, o.status AS outcome_status, o.phrase AS outcome_phrase,
    o.source_id AS outcome_source_id,
    i.name_zh AS indicator_name_zh, i.name_en AS indicator_name_en, i.unit, i.scope_en, i.direction
  FROM targets AS t
  JOIN indicators AS i USING (indicator_id)
  LEFT JOIN held AS h ON h.target_id = t.target_id AND h.place = 1
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
    CASE WHEN outcome_comparator IN ('le', 'lt') THEN -9e999 ELSE outcome_value END AS outcome_low,
    CASE WHEN outcome_comparator IN ('ge', 'gt') THEN 9e999
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
    CASE
      WHEN comparability = 'full' THEN CASE
        WHEN least > floor OR (least = floor AND (NOT is_open OR least_open)) THEN 'met'
        WHEN most > floor OR (most = floor AND NOT is_open AND NOT most_open)
          THEN 'not_comparable'
        ELSE 'missed' END
      WHEN $last_day >= $released_on THEN 'not_yet_due'
      WHEN outcome_id IS NULL THEN 'no_outcome'
      ELSE 'not_comparable'
    END AS verdict
  FROM bounds
),
wide AS (
  SELECT
    j.*,
    r.name_zh AS region_name_zh, r.name_en AS region_name_en,
    n.name_zh AS initiative_name_zh, n.name_en AS initiative_name_en,
    s.title_zh AS source_title_zh, s.title_en AS source_title_en, s.url AS source_url,
    s.reliability AS source_reliability,
    w.title_zh AS outcome_source_title_zh, w.title_en AS outcome_source_title_en,
    w.url AS outcome_source_url, w.reliability AS outcome_source_reliability
  FROM judged AS j
  JOIN regions AS r ON r.region_id = j.region_id
  JOIN initiatives AS n ON n.initiative_id = j.initiative_id
  JOIN sources AS s ON s.source_id = j.source_id
  LEFT JOIN sources AS w ON w.source_id = j.outcome_source_id
)
-- Of partial dates such as 2022 or 2022-01, the earliest and the latest day that they allow.
SELECT
  $columns
FROM wide
ORDER BY target_id
