package blockdev.nvme.driver;

/** Where a command finds its key. */
enum KeyPlace {
  /** In the slot that it names, if it has a key. */
  SLOT,
  /** In a key block that it brings, if it has a key. */
  COMMAND,
  /** Behind the key tag that it names; data unit numbers follow from its address. */
  TAG
}
