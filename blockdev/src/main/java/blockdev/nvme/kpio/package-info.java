/**
 * What goes over the wire between a host and a device with Key Per I/O: the payloads of Security
 * Send and Security Receive. Big-endian throughout, unlike the rest of NVMe.
 *
 * <p>Keys travel as KMIP messages in TTLV ({@link blockdev.nvme.kpio.Ttlv}, {@link
 * blockdev.nvme.kpio.TtlvWriter}, {@link blockdev.nvme.kpio.KeyImport}), each inside a TCG
 * ComPacket ({@link blockdev.nvme.kpio.ComPacket}); keys are cleared by ComID requests ({@link
 * blockdev.nvme.kpio.ComIdRequest}); and Level 0 Discovery says what there is ({@link
 * blockdev.nvme.kpio.Discovery}).
 *
 * <p>Reading is total: bytes that are no message give null or a refusal, never an exception.
 * Touches nothing but the JDK.
 *
 * <p>Source: TCG Storage Security Subsystem Class: Key Per I/O 1.00, KMIP 2.1. Where those were not
 * to be had a choice is ours, and its class says so.
 */
@NullMarked
package blockdev.nvme.kpio;

import org.jspecify.annotations.NullMarked;
