/**
 * Keyslots: what an inline-encryption device can do ({@link CryptoProfile}), and how its few slots
 * are lent to the many keys of its requests ({@link KeyslotManager}).
 *
 * <p>Knows keys and slots, not engines and not requests; a clock is handed in. The device side is
 * {@link KeyslotDevice}, which the driver of a device implements. {@link KeyslotTable} is the state
 * and its lock-free borrowing, the manager is the order in which things happen to it, and a {@link
 * ReplacementPolicy} chooses which idle slot is overwritten. {@link WrappedKeys} are what else a
 * device does with hardware-wrapped keys, in the same section. Source of the rules: {@code
 * block/blk-crypto-profile.c}.
 */
@NullMarked
package inlinecrypt.keyslot;

import org.jspecify.annotations.NullMarked;
