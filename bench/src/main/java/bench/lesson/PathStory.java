package bench.lesson;

import blockdev.Simulation;
import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.SegmentCursor;
import blockdev.nvme.CompletionEntry;
import blockdev.nvme.NvmeStatus;
import blockdev.trace.FileBlock;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoContext;
import inlinecrypt.CryptoKey;
import inlinecrypt.DataUnitNumber;
import inlinecrypt.Errno;
import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Prints each step of the data path as it happens: virtual time in microseconds, the step's name,
 * what it means. The first command is explained field by field, a later one by what differs from
 * the one before.
 */
final class PathStory implements Tracer {
  private static final int SHOWN_BYTES = 16;
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  private final PrintWriter out;
  private final SegmentCursor cursor = new SegmentCursor();
  private @Nullable Simulation simulation;
  private @Nullable CommandFields previous;

  PathStory(PrintWriter out) {
    this.out = out;
  }

  /** Names the simulation whose steps these will be; its clock and memory are read. */
  void follow(Simulation followed) {
    simulation = followed;
  }

  @Override
  public void blockMapped(FileBlock block) {
    step("file block", "inode %d, block %d", block.inode(), block.fileBlock());
    more(
        "extent",
        "starts at file block %d; the block is device block %d",
        block.extentStartBlock(),
        block.deviceBlock());
    extent(block.nonce(), block.keyIdentifier());
  }

  /** Says what an extent's key is made of. */
  void extent(String nonce, String keyIdentifier) {
    more("nonce", "%s: random, stored with the extent, no secret", nonce);
    more("master key", "%s is its identifier; the key is never shown", keyIdentifier);
    more("extent key", "HKDF-SHA512 of master key and nonce, 64 bytes: never shown, never stored");
  }

  @Override
  public void bioSubmitted(Bio bio) {
    cursor.start(bio);
    cursor.next();
    boolean write = bio.op() == BioOp.WRITE;
    step(
        "bio",
        write
            ? "WRITE of %d bytes to sector %d, from host memory at 0x%x"
            : "READ of %d bytes from sector %d, into host memory at 0x%x",
        bio.sizeBytes(),
        bio.sector(),
        cursor.hostOffset());
    if (write) {
      more("plaintext", "%s", start(hostMemory(), cursor.hostOffset()));
    }
    CryptoContext crypt = bio.crypt();
    if (!crypt.isEmpty()) {
      more("DUN", "%d: the data unit's number, counted from the start of its extent", crypt.dun0());
      more("IV", "%s: the DUN, low byte first", iv(crypt.dun()));
    }
  }

  @Override
  public void bioSplit(Bio front, Bio rest) {
    step(
        "split",
        "too large for one request: %d bytes go first, %d are left",
        front.sizeBytes(),
        rest.sizeBytes());
  }

  @Override
  public void bioMerged(int tag, Bio bio, boolean atBack) {
    step(
        "merge",
        "continues request %d %s, and needs none of its own",
        tag,
        atBack ? "at its end" : "at its front");
  }

  @Override
  public void requestStarted(int tag, Bio bio) {
    step("request", "tag %d: the block layer's number for what becomes one command", tag);
  }

  @Override
  public void keyslotProgrammed(int slot, CryptoKey key, Errno result, long latencyNs) {
    step(
        "program",
        "no slot held the key: slot %d was given it, which took %s us: %s",
        slot,
        micros(latencyNs),
        result);
  }

  @Override
  public void keyslotGranted(int tag, int slot, boolean waited) {
    step(
        "keyslot",
        "tag %d holds slot %d until done%s",
        tag,
        slot,
        waited ? "" : "; it still has the key: nothing to program");
  }

  @Override
  public void commandIssued(int queueId, MemorySegment entry) {
    CommandFields fields = CommandFields.of(entry);
    boolean first = previous == null;
    List<CommandFields.Field> shown =
        previous == null ? fields.fields() : fields.differingFrom(previous);
    previous = fields;
    step(
        "command",
        "64 bytes in the ring of submission queue %d%s",
        queueId,
        first ? "; its fields:" : "; fields that are not as before:");
    byte[] bytes = entry.toArray(ValueLayout.JAVA_BYTE);
    for (int at = 0; at < bytes.length; at += SHOWN_BYTES) {
      more(
          "  " + at + "-" + (at + SHOWN_BYTES - 1),
          "%s",
          HEX.formatHex(bytes, at, at + SHOWN_BYTES));
    }
    shown.forEach(field -> more("  " + field.bytes(), "%s", field.meaning()));
    step("doorbell", "one register is written; the device fetches the command");
  }

  @Override
  public void mediumTouched(boolean write, MemorySegment bytes, long offsetBytes) {
    step(
        "medium",
        "%s",
        write
            ? "encrypted straight into it; at byte " + offsetBytes + " there now is"
            : "decrypted straight from it; at byte " + offsetBytes + " there is");
    more("ciphertext", "%s", start(bytes, offsetBytes));
  }

  @Override
  public void commandCompleted(int queueId, MemorySegment entry) {
    int status = CompletionEntry.status(entry, 0);
    step(
        "completion",
        "16 bytes in the ring of completion queue %d: id %d, status %03xh: %s",
        queueId,
        CompletionEntry.commandId(entry, 0),
        status,
        NvmeStatus.describe(status));
    more(
        "  0-15",
        "%s; phase %d marks it as new",
        HEX.formatHex(entry.toArray(ValueLayout.JAVA_BYTE)),
        CompletionEntry.phase(entry, 0));
  }

  @Override
  public void bioEnded(Bio bio, BioStatus status) {
    step(
        "bio end",
        "%s: the memory is the submitter's again, the slot is free but keeps the key",
        status);
    if (bio.op() == BioOp.READ && status == BioStatus.OK) {
      cursor.start(bio);
      cursor.next();
      more("plaintext", "%s", start(hostMemory(), cursor.hostOffset()));
    }
  }

  private MemorySegment hostMemory() {
    return Objects.requireNonNull(simulation).queue().memory().segment();
  }

  private void step(String name, String format, Object... args) {
    String now = micros(Objects.requireNonNull(simulation).time().nowNs());
    out.printf("%9s  %-11s %s%n", now, name, String.format(format, args));
  }

  private void more(String name, String format, Object... args) {
    out.printf("%9s  %-11s %s%n", "", name, String.format(format, args));
  }

  private static String micros(long timeNs) {
    return String.format(Locale.ROOT, "%.3f", timeNs / 1000.0);
  }

  private static String start(MemorySegment segment, long offset) {
    byte[] bytes = segment.asSlice(offset, SHOWN_BYTES).toArray(ValueLayout.JAVA_BYTE);
    String text = new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", ".");
    return HEX.formatHex(bytes) + " ...  |" + text + "|";
  }

  private static String iv(DataUnitNumber dun) {
    StringBuilder hex = new StringBuilder();
    for (long limb : new long[] {dun.limb0(), dun.limb1()}) {
      for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
        hex.append(hex.isEmpty() ? "" : " ").append(HEX.toHexDigits((byte) (limb >>> shift)));
      }
    }
    return hex.toString();
  }
}
