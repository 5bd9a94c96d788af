// Words: the keywords and functions of SPARQL 1.1, by the places where they stand.
// https://www.w3.org/TR/sparql11-query/#sparqlGrammar

import type { Place } from "./place";

const QUERY = [
  ..."SELECT WHERE PREFIX DISTINCT LIMIT OFFSET CONSTRUCT DESCRIBE ASK FROM HAVING VALUES".split(" "),
  ..."AS ASC DESC REDUCED BASE".split(" "), "ORDER BY", "GROUP BY", "FROM NAMED",
];
const PATTERN = [
  ..."FILTER OPTIONAL BIND VALUES UNION MINUS GRAPH SERVICE SELECT".split(" "),
  "FILTER NOT EXISTS", "FILTER EXISTS",
];
const OPERATORS = ["AS", "IN", "NOT IN", "EXISTS", "NOT EXISTS", "DISTINCT"];
const AGGREGATES = "COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT".split(" ");
const FUNCTIONS = (
  "STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE " +
  "ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS " +
  "TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT sameTerm isIRI " +
  "isBLANK isLITERAL isNUMERIC REGEX SUBSTR REPLACE"
).split(" ");

/** The keywords that can stand at a place. */
export function keywords(place: Place): readonly string[] {
  if (place === "clause") return QUERY;
  if (place === "subject" || place === "end") return PATTERN;
  return place === "expression" ? OPERATORS : [];
}

/** The functions that can stand at a place. */
export function functions(place: Place): readonly string[] {
  return place === "clause" || place === "expression" ? [...FUNCTIONS, ...AGGREGATES] : [];
}
