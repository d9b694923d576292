/**
 * How results look: tables for people, CSV and JSON for programs. Everything is the same in every
 * locale.
 *
 * <p>Knows values only: strings, and flat records whose component names become field names.
 */
@NullMarked
package bench.report;

import org.jspecify.annotations.NullMarked;
