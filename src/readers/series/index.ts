export { type Column, numericColumns, standardised } from './csv';
