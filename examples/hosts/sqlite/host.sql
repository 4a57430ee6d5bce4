-- A host in SQL: audits the cases of its own tables, shows what is not in order and what an error looks like.
--
--     sqlite3 -bail host.db < host.sql
--
-- The tables are the host's; only the view knows of duecare.
.load ./duecare_sqlite
CREATE TEMP TABLE cases(id TEXT PRIMARY KEY);
CREATE TEMP TABLE persons(case_id TEXT, id TEXT, born TEXT);
CREATE TEMP TABLE events(case_id TEXT, id TEXT, type TEXT, occurred_at TEXT, subject TEXT);
INSERT INTO cases VALUES ('MC-1'), ('MC-2');
INSERT INTO persons VALUES ('MC-1', 'P1', '2010-04-02'), ('MC-1', 'P2', '2012-11-30'), ('MC-2', 'P9', NULL);
INSERT INTO events VALUES
  ('MC-1', 'e1', 'missing.returned', '2023-01-10T08:00:00Z', NULL),
  ('MC-1', 'e2', 'interview.return_home', '2023-01-12T16:30:00Z', 'P1'),
  ('MC-2', 'e1', 'missing.returned', '2023-01-18T20:15:00Z', NULL);

CREATE TEMP VIEW duecare_documents AS
SELECT json_object(
  'format', 'duecare.case/1',
  'id', cases.id,
  'persons', (SELECT json_group_array(json_patch(json_object('id', p.id), json_object('born', p.born)))
              FROM persons AS p WHERE p.case_id = cases.id),
  'events', (SELECT json_group_array(json_patch(
               json_object('id', e.id, 'type', e.type, 'occurred_at', e.occurred_at),
               json_object('subjects', iif(e.subject IS NULL, NULL, json_array(e.subject)))))
             FROM events AS e WHERE e.case_id = cases.id)) AS document
FROM cases ORDER BY cases.id;

CREATE TEMP TABLE policies(json TEXT);
INSERT INTO policies VALUES (readfile('policy.json'));

SELECT case_id, duty_id, ifnull(key, '-'), verdict, ifnull('due ' || due_at, '')
FROM duecare_findings((SELECT json FROM policies), NULL);

SELECT count(*) || ' late or missed as of 12 January' FROM duecare_findings((SELECT json FROM policies), '2023-01-12')
WHERE verdict IN ('late', 'missed');

-- The monitor: from now on the trigger notes what each event changes. A child comes back, and 72 hours pass.
CREATE TEMP TABLE alerts(line TEXT);
CREATE TEMP TRIGGER judge AFTER INSERT ON events BEGIN
  INSERT INTO alerts
  SELECT value FROM json_each(duecare_monitor_push_event(new.case_id, json_object(
    'id', new.id, 'type', new.type, 'occurred_at', new.occurred_at)));
END;
CREATE TEMP TABLE started AS SELECT duecare_monitor_new((SELECT json FROM policies), '2023-02-01T10:00:00Z');
INSERT INTO alerts SELECT value FROM json_each(duecare_monitor_push_document(
  '{"format":"duecare.case/1","id":"MC-3","persons":[{"id":"P7","born":"2012-05-06"}]}'));
INSERT INTO events VALUES ('MC-3', 'e1', 'missing.returned', '2023-02-01T08:00:00Z', NULL);
INSERT INTO alerts SELECT value FROM json_each(duecare_monitor_set_clock('2023-02-04T08:00:01Z'));
SELECT 'now', line ->> 'case_id', line ->> 'duty_id', line ->> 'key', line ->> 'verdict', 'due ' || (line ->> 'due_at')
FROM alerts;

SELECT * FROM duecare_findings('{"format": "duecare.policy/1", "id": "broken"}', NULL);
