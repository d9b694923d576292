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
 * Prints each step of the data path as it happens: virtual time in microseconds since the story
 * began, the step's name, what it means. The first command is explained field by field, a later one
 * by what differs from the one before.
 *
 * <p>Follows encrypted bios, each alone on the path; all other commands are only counted.
 */
final class PathStory implements Tracer {
  private static final int SHOWN_BYTES = 16;
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  private final PrintWriter out;
  private final boolean perInode;
  private final int ringEntries;
  private final SegmentCursor cursor = new SegmentCursor();
  private @Nullable Simulation simulation;
  private @Nullable FileBlock mapped;
  private @Nullable CommandFields previous;
  private long startNs;
  private long commands;
  private long plainCommands;
  private boolean following; // an encrypted bio is under way

  /**
   * @param perInode whether inodes have the keys; else extents have
   * @param ringEntries of the device's submission ring
   */
  PathStory(PrintWriter out, boolean perInode, int ringEntries) {
    this.out = out;
    this.perInode = perInode;
    this.ringEntries = ringEntries;
  }

  /** Begins to tell what happens in {@code told}; its clock and memory are read. */
  void begin(Simulation told) {
    simulation = told;
    startNs = told.time().nowNs();
    plainCommands = 0;
  }

  /** A step that the path itself does not report. */
  void step(String name, String format, Object... args) {
    String now = micros(Objects.requireNonNull(simulation).time().nowNs() - startNs);
    out.printf("%9s  %-11s %s%n", now, name, String.format(Locale.ROOT, format, args));
  }

  /** Commands without encryption since the beginning: flushes and metadata. */
  long plainCommands() {
    return plainCommands;
  }

  @Override
  public void blockMapped(FileBlock block) {
    if (simulation == null) {
      return;
    }
    step(
        "file block",
        "block %d of inode %d is device block %d",
        block.fileBlock(),
        block.inode(),
        block.deviceBlock());
    if (block.equals(mapped)) {
      more("extent", "as before, and so are DUN, nonce and key");
      return;
    }
    mapped = block;
    more("extent", "a new one, whose first block is the file's block %d", block.extentStartBlock());
    more(
        "DUN",
        perInode
            ? "%1$d: the data unit's number, counted from the start of the file"
            : "%1$d = %2$d - %3$d: the data unit's number, counted from the start of the extent",
        block.dun(),
        block.fileBlock(),
        block.extentStartBlock());
    String owner = perInode ? "inode" : "extent";
    more("nonce", "%s: random, stored with the %s, no secret", block.nonce(), owner);
    more("master key", "%s is its identifier; the key is never shown", block.keyIdentifier());
    more(
        owner + " key", "HKDF-SHA512 of master key and nonce, 64 bytes: never shown, never stored");
  }

  @Override
  public void bioSubmitted(Bio bio) {
    CryptoContext crypt = bio.crypt();
    following = simulation != null && !crypt.isEmpty();
    if (!following) {
      return;
    }
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
    more("IV", "%s: DUN %d, low byte first", iv(crypt.dun()), crypt.dun0());
  }

  @Override
  public void bioSplit(Bio front, Bio rest) {
    throw new AssertionError("a bio of one block was split: " + front);
  }

  @Override
  public void bioMerged(int tag, Bio bio, boolean atBack) {
    if (following) {
      throw new AssertionError("the only data bio was merged: " + bio);
    }
  }

  @Override
  public void requestStarted(int tag, Bio bio) {
    if (!following) {
      return;
    }
    step("request", "tag %d: the block layer's number for what becomes one command", tag);
  }

  @Override
  public void keyslotProgrammed(int slot, CryptoKey key, Errno result, long latencyNs) {
    if (!following) {
      return;
    }
    step(
        "program",
        "no slot held the key: slot %d was given it, which took %s us: %s",
        slot,
        micros(latencyNs),
        result);
  }

  @Override
  public void keyslotGranted(int tag, int slot, boolean waited) {
    if (!following) {
      return;
    }
    step(
        "keyslot",
        "tag %d holds slot %d until done%s",
        tag,
        slot,
        waited ? "" : "; it still has the key: nothing to program");
  }

  @Override
  public void commandIssued(int queueId, MemorySegment entry) {
    commands++;
    if (!following) {
      plainCommands++;
      return;
    }
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
    step(
        "doorbell",
        "one register gets the ring's tail, %d; the device fetches the command",
        commands % ringEntries);
  }

  @Override
  public void mediumTouched(boolean write, MemorySegment bytes, long offsetBytes) {
    if (!following) {
      return;
    }
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
    if (!following) {
      return;
    }
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
    if (!following) {
      return;
    }
    step(
        "bio end",
        "%s: the page is the filesystem's again, the slot is idle but keeps the key",
        status);
    if (bio.op() == BioOp.READ && status == BioStatus.OK) {
      cursor.start(bio);
      cursor.next();
      more("plaintext", "%s", start(hostMemory(), cursor.hostOffset()));
    }
    following = false;
  }

  private MemorySegment hostMemory() {
    return Objects.requireNonNull(simulation).queue().memory().segment();
  }

  private void more(String name, String format, Object... args) {
    out.printf("%9s  %-11s %s%n", "", name, String.format(Locale.ROOT, format, args));
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
