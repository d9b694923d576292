/**
 * Which idle keyslot is programmed next: the policies of the cache literature beside the kernel's
 * own, one in each file, with its paper.
 *
 * <p>What all have in common: hits are seen at the next miss, by how much a slot's count has grown;
 * one request at a time, that makes no difference to what a policy keeps. A slot in use is never
 * chosen, whatever the paper says of its key. Where a paper orders by last use, here it is the end
 * of the last use. A programming that failed has moved nothing. Keys that are remembered without a
 * slot are forgotten when their owner evicts them. The same requests lead to the same choices, in
 * any run. With policies other than the kernel's a miss may allocate.
 *
 * <p>Touches {@code inlinecrypt} and {@code inlinecrypt.keyslot}, whose {@link
 * inlinecrypt.keyslot.ReplacementPolicy} they implement.
 */
@NullMarked
package inlinecrypt.keyslot.replacement;

import org.jspecify.annotations.NullMarked;
