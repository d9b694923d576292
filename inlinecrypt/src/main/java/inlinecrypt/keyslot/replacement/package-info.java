/**
 * Which idle keyslot is programmed next: the policies of the cache literature beside the kernel's
 * own, one in each file, with its paper.
 *
 * <p>Touches {@code inlinecrypt} and {@code inlinecrypt.keyslot}, whose {@link
 * inlinecrypt.keyslot.ReplacementPolicy} they implement.
 */
@NullMarked
package inlinecrypt.keyslot.replacement;

import org.jspecify.annotations.NullMarked;
