/**
 * blk-crypto above the block layer: its entry points ({@link blockdev.queue.crypto.BlkCrypto}), and
 * the software fallback that encrypts for devices which cannot ({@link
 * blockdev.queue.crypto.Fallback}).
 *
 * <p>Whoever has bios with a crypto context submits them here: they go on to the device as they are
 * if it supports the context itself; else the fallback sends bios without a context in their place.
 * What the device then holds is the same, byte for byte. Touches {@code blockdev.queue}, {@code
 * bio}, {@code memory}, {@code sim}, {@code trace}, {@code inlinecrypt}, its {@code keyslot} and
 * {@code engine}.
 *
 * <p>Source of the rules: {@code block/blk-crypto.c} and {@code block/blk-crypto-fallback.c}, as of
 * the 2026 series. Where this differs from them on purpose:
 *
 * <ul>
 *   <li>Nothing sleeps: a bio that finds no slot or no bounce page goes on, when there is one, on
 *       its submitter's events. The work queue is these events too, so a submitter's reads are
 *       decrypted one after the other.
 *   <li>A read goes to the device as a clone without a context; the submitter's bio keeps its own.
 *   <li>A slot has a cipher only for the mode it is in. Blanking frees that cipher, which wipes its
 *       key, where Linux sets a random key in it.
 *   <li>If a slot cannot be programmed, the keyslot manager still believes in the key before, as in
 *       Linux. Bios with that key then end with {@code IOERR}.
 *   <li>Bounce pages come from the common memory only while a sixteenth of it is free.
 *   <li>Those that are kept back for bad times are kept for each device, until the end: a layer
 *       that encrypts again does not wait for pages that a bio above has until the layer is done.
 *       Where no key was started on a device, and there is no memory for them, a write ends with
 *       {@code RESOURCE}.
 *   <li>Who evicts a key is told the result, as it cannot close a key that is in use.
 *   <li>Warnings of Linux's log are statuses here, and no more.
 * </ul>
 */
@NullMarked
package blockdev.queue.crypto;

import org.jspecify.annotations.NullMarked;
