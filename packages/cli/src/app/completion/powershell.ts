import { type CompletionModel, runners, valuedFlags } from './model.js'
import { completionTable } from './table.js'

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

const entries = (model: CompletionModel): string =>
  [...completionTable(model)]
    .flatMap(([spec, keys]) => keys.map((key) => `  ${quoted(key)} = ${quoted(spec)}\n`))
    .join('')

/** Runs in Windows PowerShell 5.1 and PowerShell 7. PowerShell itself completes files if nothing is returned. */
export const powershell = (model: CompletionModel): string => {
  const { bin, name } = model
  const list = (words: readonly string[]) => words.map(quoted).join(', ')
  return `\
$${name}_table = @{
${entries(model)}}
Register-ArgumentCompleter -Native -CommandName ${quoted(bin)} -ScriptBlock {
  param($current, $line, $position)
  $table = $${name}_table
  $words = @($line.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $position } |
    ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { "$_" } })
  $command = ''; $flag = ''; $count = 0; $root = @()
  foreach ($word in $words) {
    $longer = "$command $word".Trim()
    if ($flag -ne '') {
      if ($flag -eq '--root') { $root = @("--root=$word") }
      $flag = ''
    }
    elseif ($word -eq '--' -and @(${list(runners(model))}) -contains $command) { return }
    elseif ($word -like '--root=*') { $root = @($word) }
    elseif (@(${list(valuedFlags(model))}) -ccontains $word) { $flag = $word }
    elseif ($word -like '-*') { }
    elseif ($table.ContainsKey($longer)) { $command = $longer }
    else { $count++ }
  }
  $value = $current; $before = ''
  if ($flag -eq '' -and $current -match '^(--[^=]+)=(.*)$') {
    $flag = $Matches[1]; $value = $Matches[2]; $before = "$flag="
  }
  $keys = if ($flag -ne '') { "$command $flag" }
    elseif ($value -like '-*') { "$command -" }
    else { "$command $count"; "$command +"; if ($count -eq 0) { $command } }
  $found = $keys | Where-Object { $table.ContainsKey($_) } | Select-Object -First 1
  $kind, $rest = "$(if ($null -ne $found) { $table[$found] })".Split(' ')
  $answers = @()
  if ($kind -eq 'words') { $answers = @($rest | ForEach-Object { ,@($_, $_) }) }
  if ($kind -eq 'ids') {
    $answers = @(& ${quoted(bin)} completion powershell "--ids=$rest" @root 2>$null | ForEach-Object { ,"$_".Split([char]9) })
  }
  $answers | Where-Object { $_[0] -and $_[0].StartsWith($value, 'OrdinalIgnoreCase') } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new("$before$($_[0])", $_[0], 'ParameterValue', $_[-1])
  }
}
`
}
