/**
 * The device's side of Key Per I/O: which namespaces are managed, the media encryption keys behind
 * their key tags, the keys that those are wrapped with, and the security protocols through which
 * all of it is reached.
 *
 * <p>{@link blockdev.nvme.controller.kpio.KeyPerIo} is the state, {@link
 * blockdev.nvme.controller.kpio.SecurityProtocols} takes what Security Send and Security Receive
 * carry. Managing namespaces, their tags, policies and locks take authenticated TCG sessions on a
 * real device; here they are plain methods of {@code KeyPerIo}.
 *
 * <p>Key1 and Key2 of AES-256-XTS come with the key; a data unit is a logical block, and its number
 * is the block's address. Touches {@code nvme}, {@code nvme.kpio}, {@code inlinecrypt}, its engines
 * and its key wrap. Source: TCG Key Per I/O SSC 1.00; NVM Express Base 2.1.
 */
@NullMarked
package blockdev.nvme.controller.kpio;

import org.jspecify.annotations.NullMarked;
