export {
  PROTECTION_SETTINGS,
  type ProtectionFault,
  type ProtectionSection,
  readProtection,
} from './protection-section.js'
export { readYaml, type YamlText, type YamlTrouble } from './yaml-text.js'
