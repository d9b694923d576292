package bench.lesson;

import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;

/**
 * The fields of a Read or Write command, for people: which bytes, what they hold, what it means.
 */
record CommandFields(List<Field> fields) {
  private static final int WRITE = 0x01;
  private static final int INLINE_CRYPTO = 0xF;

  record Field(String bytes, String meaning) {}

  static CommandFields of(MemorySegment entry) {
    int opcode = SubmissionEntry.opcode(entry, 0);
    int extension = SubmissionEntry.commandExtensionType(entry, 0);
    long prp2 = SubmissionEntry.prp2(entry, 0);
    String verb = opcode == WRITE ? "Write" : "Read";
    return new CommandFields(
        List.of(
            field("0", "opcode %02xh: %s", opcode, verb),
            field(
                "2-3",
                "command id (CID) %d: the request's tag, comes back in the completion",
                SubmissionEntry.commandId(entry, 0)),
            field(
                "4-7",
                "namespace (NSID) %d: the device's only one",
                SubmissionEntry.namespace(entry, 0)),
            field(
                "8-23",
                "DUN %s: low half first, our extension of the command",
                dun(SubmissionEntry.dun0(entry, 0), SubmissionEntry.dun1(entry, 0))),
            field(
                "24-39",
                "PRP1 0x%x: the page to %s, in host memory; PRP2 0x%x: %s",
                SubmissionEntry.prp1(entry, 0),
                opcode == WRITE ? "take from" : "fill",
                prp2,
                prp2 == 0 ? "no more" : "more"),
            field(
                "40-47",
                "starting block (SLBA) %d, of 4096 bytes each",
                SubmissionEntry.lba(entry, 0)),
            field(
                "48-51",
                "blocks less one (NLB) %d; extension type (CETYPE, bits 16-19) %Xh: %s",
                SubmissionEntry.blocks(entry, 0) - 1,
                extension,
                extension == INLINE_CRYPTO ? "encrypted" : "plain"),
            field(
                "52-53", "extension value (CEV) %d: the keyslot", SubmissionEntry.slot(entry, 0))));
  }

  /** The fields that are not the same in {@code other}. */
  List<Field> differingFrom(CommandFields other) {
    return fields.stream().filter(field -> !other.fields.contains(field)).toList();
  }

  private static Field field(String bytes, String format, Object... args) {
    return new Field(bytes, String.format(Locale.ROOT, format, args));
  }

  private static String dun(long low, long high) {
    return high == 0
        ? Long.toUnsignedString(low)
        : String.format(Locale.ROOT, "%xh (low), %xh (high)", low, high);
  }
}
