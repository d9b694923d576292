package blockdev.preset;

/** What a preset can have a figure for. */
public enum Parameter {
  /** Keyslots that requests can use. */
  KEYSLOTS("keyslots", Unit.COUNT),
  /** Keyslots that the hardware has beside those, for itself. */
  RESERVED_KEYSLOTS("reservedKeyslots", Unit.COUNT),
  /** Tenants that the hardware shares its slots between; each sees its own only. */
  TENANTS("tenants", Unit.COUNT),
  DUN_BITS("dunBits", Unit.BITS),
  DATA_UNIT_SIZES("dataUnitSizes", Unit.BYTE_SIZES),
  /** What a scatter entry with a key in it has more than one without. */
  SEGMENT_DESCRIPTOR("segmentDescriptorBytes", Unit.BYTES),
  PROGRAM("programNs", Unit.NANOSECONDS),
  EVICT("evictNs", Unit.NANOSECONDS),
  /** To derive the software secret of a hardware-wrapped key. */
  DERIVE("deriveNs", Unit.NANOSECONDS),
  /** To import, generate or prepare a hardware-wrapped key. */
  PREPARE("prepareNs", Unit.NANOSECONDS),
  /** What the inline engine encrypts; without this figure it is no slower than the link. */
  ENGINE_BANDWIDTH("engineBytesPerSecond", Unit.BYTES_PER_SECOND),
  /** From suspended to ready for programming. */
  RESUME("resumeNs", Unit.NANOSECONDS),
  /** Idle time after which the device is suspended, if a simulation asks for that. */
  SUSPEND_AFTER("suspendAfterNs", Unit.NANOSECONDS),
  /** Keyslots of the host's software fallback. */
  HOST_KEYSLOTS("hostKeyslots", Unit.COUNT),
  HOST_PROGRAM("hostProgramNs", Unit.NANOSECONDS),
  HOST_EVICT("hostEvictNs", Unit.NANOSECONDS),
  BOUNCE_PAGES("bouncePages", Unit.COUNT),

  SEQUENTIAL_READ("sequentialReadBytesPerSecond", Unit.BYTES_PER_SECOND),
  SEQUENTIAL_WRITE("sequentialWriteBytesPerSecond", Unit.BYTES_PER_SECOND),
  /** Of 4 KiB, at {@link #DEPTH}. */
  RANDOM_READ("randomReadIops", Unit.IO_PER_SECOND),
  /** Of 4 KiB, at {@link #DEPTH}. */
  RANDOM_WRITE("randomWriteIops", Unit.IO_PER_SECOND),
  /** Commands that the device works on at a time; others wait in their submission queues. */
  DEPTH("depth", Unit.COUNT),
  /** Busy time of the device's front end for a read, one command after the other. */
  READ_COMMAND("readCommandNs", Unit.NANOSECONDS),
  WRITE_COMMAND("writeCommandNs", Unit.NANOSECONDS),
  /** What firmware adds to a read, for any number of commands at a time. */
  READ_FIRMWARE("readFirmwareNs", Unit.NANOSECONDS),
  WRITE_FIRMWARE("writeFirmwareNs", Unit.NANOSECONDS),
  /** What firmware adds to a write for each 4 KiB. */
  WRITE_FIRMWARE_PAGE("writeFirmwarePageNs", Unit.NANOSECONDS),
  CHANNELS("channels", Unit.COUNT),
  DIES_PER_CHANNEL("diesPerChannel", Unit.COUNT),
  /** Busy time of a die to read 4 KiB. */
  DIE_READ("dieReadNs", Unit.NANOSECONDS),
  /** Busy time of a die for one program, of {@link #PROGRAM_PAGES}. */
  DIE_PROGRAM("dieProgramNs", Unit.NANOSECONDS),
  /** Pages of 4 KiB that a die programs at once. */
  PROGRAM_PAGES("programPages", Unit.COUNT),
  /** Erasing is not simulated. */
  DIE_ERASE("dieEraseNs", Unit.NANOSECONDS),
  /** Of each channel; without this figure it takes no time. */
  CHANNEL_BANDWIDTH("channelBytesPerSecond", Unit.BYTES_PER_SECOND),
  /** To the host; without this figure it takes no time. */
  READ_LINK("readLinkBytesPerSecond", Unit.BYTES_PER_SECOND),
  /** From the host, beside the other direction. */
  WRITE_LINK("writeLinkBytesPerSecond", Unit.BYTES_PER_SECOND),
  /** Pages of 4 KiB; without this figure a write ends when it is programmed. */
  BUFFER_PAGES("bufferPages", Unit.COUNT);

  private final String label;
  private final Unit unit;

  Parameter(String label, Unit unit) {
    this.label = label;
    this.unit = unit;
  }

  /** As it is printed, with the unit in the name. */
  public String label() {
    return label;
  }

  public Unit unit() {
    return unit;
  }
}
