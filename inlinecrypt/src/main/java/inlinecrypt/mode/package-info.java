/**
 * Constructions from their papers over a block cipher that an engine brings: they work in place on
 * one data unit at a time, or a few at once, in a {@link inlinecrypt.mode.Scratch}, and allocate
 * nothing. Adiantum's ciphers share the memory that they work in.
 *
 * <p>Knows bytes and nothing else: no modes, no engines, no foreign functions.
 */
@NullMarked
package inlinecrypt.mode;

import org.jspecify.annotations.NullMarked;
