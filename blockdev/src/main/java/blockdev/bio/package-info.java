/**
 * The unit of block I/O: a {@link Bio}, its segments, its status, and the limits a queue sets it.
 *
 * <p>Names and rules are Linux's ({@code include/linux/blk_types.h}, {@code block/bio.c}). Touches
 * {@code inlinecrypt} for the crypto context that a bio carries, and nothing else.
 */
@NullMarked
package blockdev.bio;

import org.jspecify.annotations.NullMarked;
