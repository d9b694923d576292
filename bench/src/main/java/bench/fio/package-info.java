/**
 * fio's language: its job files and units in, its lines and its JSON out. What it does not know is
 * refused by name.
 *
 * <p>Names, units and rules are fio's, as its manual and its source have them; what is ours is
 * marked. Touches {@code bench.workload}, whose jobs it makes and whose results it prints, and
 * nothing below that.
 */
@NullMarked
package bench.fio;

import org.jspecify.annotations.NullMarked;
